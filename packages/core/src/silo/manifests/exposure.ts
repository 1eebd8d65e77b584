import type { SiloInput } from '../input.ts';
import type { IngressManifest, ServiceManifest } from '../kubernetes.ts';
import { selectorLabels, siloMetadata } from '../labels.ts';
import { ingressClassName, probePaths, siloName } from '../names.ts';

export const serviceManifest = (input: SiloInput): ServiceManifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: siloMetadata(input, siloName),
  spec: {
    type: 'ClusterIP',
    selector: selectorLabels,
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
  },
});

/**
 * The silo's host on the load balancer that all silos share: its group, subnets and certificate are in the class's
 * parameters, which no tenant namespace can change.
 */
export const ingressManifest = (input: SiloInput): IngressManifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: siloMetadata(input, siloName, {
    'alb.ingress.kubernetes.io/target-type': 'ip',
    'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]',
    'alb.ingress.kubernetes.io/healthcheck-path': probePaths.ready,
    'alb.ingress.kubernetes.io/healthcheck-interval-seconds': '10',
    'alb.ingress.kubernetes.io/target-group-attributes': 'deregistration_delay.timeout_seconds=10',
  }),
  spec: {
    ingressClassName,
    tls: [{ hosts: [input.host] }],
    rules: [
      {
        host: input.host,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: siloName, port: { name: 'http' } } } }],
        },
      },
    ],
  },
});
