import { defaultNetwork, type SiloInput } from '../input.ts';
import type { NetworkPolicyManifest, NetworkPolicyPeer } from '../kubernetes.ts';
import { selectorLabels, siloMetadata } from '../labels.ts';
import { containerPort, podIdentityAgent } from '../names.ts';

type Rules = NetworkPolicyManifest['spec'];

const policy = (input: SiloInput, name: string, spec: Rules): NetworkPolicyManifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: siloMetadata(input, name),
  spec,
});

const blocks = (cidrs: readonly string[]): readonly NetworkPolicyPeer[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
const everyPod = {};
const recommender = { matchLabels: selectorLabels };

/** Nothing in, nothing out; and then the few openings that answering and training need. */
export function networkPolicyManifests(input: SiloInput): readonly NetworkPolicyManifest[] {
  const network = input.network ?? defaultNetwork;
  const kubeSystem = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
  return [
    policy(input, 'default-deny', { podSelector: everyPod, policyTypes: ['Ingress', 'Egress'] }),
    policy(input, 'allow-dns', {
      podSelector: everyPod,
      policyTypes: ['Egress'],
      egress: [
        {
          to: [kubeSystem, ...blocks(network.dnsCidrs)],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    }),
    policy(input, 'allow-load-balancer', {
      podSelector: recommender,
      policyTypes: ['Ingress'],
      ingress: [{ from: blocks(network.loadBalancerCidrs), ports: [{ protocol: 'TCP', port: containerPort }] }],
    }),
    // For what answers and for what trains: the namespace has no other pods.
    policy(input, 'allow-aws', {
      podSelector: everyPod,
      policyTypes: ['Egress'],
      egress: [
        {
          // Link-local addresses stay closed: the instance metadata service would hand out the node's credentials.
          to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }],
          ports: [{ protocol: 'TCP', port: 443 }],
        },
        {
          to: [{ ipBlock: { cidr: `${podIdentityAgent.address}/32` } }],
          ports: [{ protocol: 'TCP', port: podIdentityAgent.port }],
        },
      ],
    }),
  ];
}
