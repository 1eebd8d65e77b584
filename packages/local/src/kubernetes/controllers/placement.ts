import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';

const taintSchema = z.object({ key: z.string(), value: z.string().default(''), effect: z.string() });
type Taint = z.infer<typeof taintSchema>;

const nodePoolSchema = z.object({
  template: z.object({
    metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
    spec: z.object({ taints: z.array(taintSchema).default([]) }),
  }),
});

const tolerationSchema = z.object({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).default('Equal'),
  value: z.string().default(''),
  effect: z.string().optional(),
});

const wishesSchema = z.object({
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(tolerationSchema).default([]),
});
type Toleration = z.infer<typeof tolerationSchema>;

/** Where pods may run: a node of its own for each node pool, and one for everybody. */
export interface Node {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/** The node that needs no pool, as Auto Mode's general pool makes them. */
export const generalNode: Node = { name: 'general-purpose', labels: {}, taints: [] };

/** The node that a pool would make as soon as a pod waits for one. */
export function nodeOfPool(pool: KubernetesObject): Node {
  const { template } = nodePoolSchema.parse(pool.spec);
  const { name } = pool.metadata;
  return {
    name,
    labels: { ...template.metadata.labels, 'karpenter.sh/nodepool': name },
    taints: template.spec.taints,
  };
}

const tolerates = (toleration: Toleration, taint: Taint): boolean =>
  (toleration.key === undefined ? toleration.operator === 'Exists' : toleration.key === taint.key) &&
  (toleration.operator === 'Exists' || toleration.value === taint.value) &&
  (toleration.effect === undefined || toleration.effect === '' || toleration.effect === taint.effect);

/** A node for the pod, or why there is none, in the words of the Kubernetes scheduler. */
export function place(
  pod: KubernetesObject,
  nodes: readonly Node[],
): { readonly node: Node } | { readonly message: string } {
  const { nodeSelector, tolerations } = wishesSchema.parse(pod.spec);
  const wanted = Object.entries(nodeSelector);
  const obstacles = nodes.map((node) => {
    if (!wanted.every(([name, value]) => node.labels[name] === value)) {
      return "node(s) didn't match Pod's node affinity/selector";
    }
    const taint = node.taints
      .filter(({ effect }) => effect !== 'PreferNoSchedule')
      .find((one) => !tolerations.some((toleration) => tolerates(toleration, one)));
    return taint ? `node(s) had untolerated taint {${taint.key}: ${taint.value}}` : undefined;
  });
  const node = nodes[obstacles.indexOf(undefined)];
  if (node) return { node };
  const counted = [...new Set(obstacles)]
    .map((obstacle) => `${obstacles.filter((one) => one === obstacle).length} ${obstacle}`)
    .sort();
  return { message: `0/${nodes.length} nodes are available: ${counted.join(', ')}.` };
}
