import { describe, expect, it } from 'vitest';
import { ingressEndpoint } from './endpoint.ts';

const ingress = (ingress?: readonly object[]) => ({
  spec: { rules: [{ host: 'acme.silo.example.com' }] },
  ...(ingress ? { status: { loadBalancer: { ingress } } } : {}),
});

describe('the endpoint of an Ingress', () => {
  it('is not known before a load balancer has taken it', () => {
    expect(ingressEndpoint(ingress())).toBeUndefined();
    expect(ingressEndpoint(ingress([]))).toBeUndefined();
  });

  it('is TLS on 443 at a load balancer of AWS', () => {
    expect(ingressEndpoint(ingress([{ hostname: 'k8s-silo.elb.amazonaws.com' }]))).toEqual({
      address: 'k8s-silo.elb.amazonaws.com',
      port: 443,
      tls: true,
      host: 'acme.silo.example.com',
    });
  });

  it('is plain HTTP on the port that the load balancer names', () => {
    const named = [{ hostname: '127.0.0.1', ports: [{ port: 8081, protocol: 'TCP' }] }];
    expect(ingressEndpoint(ingress(named))).toMatchObject({ address: '127.0.0.1', port: 8081, tls: false });
  });
});
