import * as z from 'zod';
import { parseQuantity } from '../quantity.ts';

const podSchema = z.object({
  status: z.object({ phase: z.string().optional() }).optional(),
  spec: z.object({
    containers: z.array(
      z.object({
        resources: z
          .object({
            requests: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
            limits: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
          })
          .optional(),
      }),
    ),
  }),
});

/** What a quota can be about that a pod uses. */
const podResources = ['pods', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'] as const;
type PodResource = (typeof podResources)[number];
export type Usage = Readonly<Record<PodResource, number>>;

const nothing: Usage = { pods: 0, 'requests.cpu': 0, 'requests.memory': 0, 'limits.cpu': 0, 'limits.memory': 0 };

/** What one pod takes of a quota, in base units. A pod that has ended takes nothing. */
export function usageOf(pod: unknown): Usage {
  const { spec, status } = podSchema.parse(pod);
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return nothing;
  const sum = (part: 'requests' | 'limits', name: string): number =>
    spec.containers.reduce(
      (total, { resources }) => total + (parseQuantity(String(resources?.[part]?.[name] ?? '0')) ?? 0),
      0,
    );
  return {
    pods: 1,
    'requests.cpu': sum('requests', 'cpu'),
    'requests.memory': sum('requests', 'memory'),
    'limits.cpu': sum('limits', 'cpu'),
    'limits.memory': sum('limits', 'memory'),
  };
}

export function totalUsage(pods: readonly unknown[]): Usage {
  const total: Record<PodResource, number> = { ...nothing };
  for (const pod of pods) {
    const usage = usageOf(pod);
    for (const resource of podResources) total[resource] += usage[resource];
  }
  return total;
}

/** Amounts in a quota as text again: `1500m`, `2147483648`. */
export const renderUsage = (usage: Usage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    podResources.map((resource) => [
      resource,
      resource.endsWith('cpu') ? `${Math.round(usage[resource] * 1000)}m` : String(usage[resource]),
    ]),
  );

/** The first resource of which a quota has too little left for the pod, as the API server words it. */
export function exceeded(hard: Readonly<Record<string, unknown>>, used: Usage, pod: unknown): string | undefined {
  const asked = usageOf(pod);
  for (const resource of podResources) {
    const limit = hard[resource];
    if (limit === undefined) continue;
    // Sums of thousandths are not exact in binary.
    if (used[resource] + asked[resource] > (parseQuantity(String(limit)) ?? 0) + 1e-6) {
      const amounts = (usage: Usage) => `${resource}=${renderUsage(usage)[resource]}`;
      return `requested: ${amounts(asked)}, used: ${amounts(used)}, limited: ${resource}=${String(limit)}`;
    }
  }
  return undefined;
}
