import { ingressClassName } from '../names.ts';

/** Switches network policies on. Until this is there, the cluster accepts them and enforces none. */
export const networkPolicyControllerManifest = () =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
    data: { 'enable-network-policy-controller': 'true' },
  }) as const;

/** The one load balancer that all silos share, with its certificates. */
export const ingressClassParamsManifest = (input: {
  readonly scheme: 'internal' | 'internet-facing';
  readonly certificateArns: readonly string[];
}) =>
  ({
    apiVersion: 'eks.amazonaws.com/v1',
    kind: 'IngressClassParams',
    metadata: { name: ingressClassName },
    spec: {
      scheme: input.scheme,
      group: { name: ingressClassName },
      certificateARNs: input.certificateArns,
    },
  }) as const;

export const ingressClassManifest = () =>
  ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: ingressClassName },
    spec: {
      controller: 'eks.amazonaws.com/alb',
      parameters: { apiGroup: 'eks.amazonaws.com', kind: 'IngressClassParams', name: ingressClassName },
    },
  }) as const;
