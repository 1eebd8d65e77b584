import { podsMax } from '../capacity.ts';
import type { SiloInput } from '../input.ts';
import type { Labels, NodePoolManifest, Taint } from '../kubernetes.ts';
import { siloLabels } from '../labels.ts';
import { siloNamespace, tenantLabel } from '../names.ts';
import { nodeCpusMax, nodeFamilies, nodeMemoryMiBMax } from '../nodes.ts';
import { podsMaxAnnotation } from '../promised.ts';

/** What the silo's nodes are labelled with, and its pods ask for. */
export const nodeLabels = (input: Pick<SiloInput, 'tenantId'>): Labels => ({
  [tenantLabel]: siloNamespace(input.tenantId),
});

/** What keeps everybody else's pods off these nodes, and the silo's own tolerate. */
export const nodeTaint = (input: Pick<SiloInput, 'tenantId'>): Taint => ({
  key: tenantLabel,
  value: siloNamespace(input.tenantId),
  effect: 'NoSchedule',
});

/** Of an EC2 instance, as Auto Mode labels its nodes. */
const instance = (property: string): string => `eks.amazonaws.com/instance-${property}`;

/**
 * Nodes for the tenant's pods alone. They come when a pod waits for one and go when they are not needed; none is older than two
 * weeks, so that patches of the system arrive. The image is built for both architectures, so the cheaper one that is
 * there is taken. Instances are on demand: a spot instance goes with two minutes' notice.
 */
export const nodePoolManifest = (input: SiloInput): NodePoolManifest => {
  const { silo } = input.tier;
  const cpus = nodeCpusMax(silo);
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    // It belongs to no namespace, and is found by the name of the silo's.
    metadata: {
      name: siloNamespace(input.tenantId),
      labels: siloLabels(input),
      annotations: { [podsMaxAnnotation]: String(podsMax(silo)) },
    },
    spec: {
      template: {
        metadata: { labels: nodeLabels(input) },
        spec: {
          // Auto Mode makes this class, with the cluster's own subnets, role and disk encryption.
          nodeClassRef: { group: 'eks.amazonaws.com', kind: 'NodeClass', name: 'default' },
          requirements: [
            { key: instance('category'), operator: 'In', values: nodeFamilies },
            { key: instance('generation'), operator: 'Gt', values: ['4'] },
            { key: instance('cpu'), operator: 'In', values: silo.nodeCpus.map(String) },
            { key: 'kubernetes.io/arch', operator: 'In', values: ['arm64', 'amd64'] },
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
          ],
          taints: [nodeTaint(input)],
          expireAfter: '336h',
          // After this a node goes even if a pod on it cannot be moved.
          terminationGracePeriod: '24h',
        },
      },
      limits: { cpu: String(cpus), memory: `${nodeMemoryMiBMax(cpus)}Mi` },
      disruption: {
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        // Longer than the autoscaler waits before it takes a replica away, so that the two do not chase each other.
        consolidateAfter: '10m',
        budgets: [{ nodes: '1' }],
      },
    },
  };
};
