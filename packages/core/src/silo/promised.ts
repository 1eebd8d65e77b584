import * as z from 'zod';
import { fieldManager } from './names.ts';

/** On a silo's node pool: how many pods the silo may have. */
export const podsMaxAnnotation = 'tenantry.dev/pods-max';

const poolSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({ limits: z.object({ cpu: z.union([z.string(), z.number()]).optional() }).default({}) }),
});

/** What one silo may grow to. */
export interface PromisedSilo {
  readonly namespace: string;
  readonly nodeCpus: number;
  readonly pods: number;
}

const count = z.coerce.number().int().nonnegative().catch(0);

/**
 * What silos were promised, from the node pools as the cluster returns them; pools that are not silos' are passed over.
 * @throws {ZodError} for an object that is no node pool
 */
export function promisedSilos(pools: readonly unknown[]): readonly PromisedSilo[] {
  return pools
    .map((pool) => poolSchema.parse(pool))
    .filter(({ metadata }) => metadata.labels['app.kubernetes.io/managed-by'] === fieldManager)
    .map(({ metadata, spec }) => ({
      namespace: metadata.name,
      nodeCpus: count.parse(spec.limits.cpu),
      pods: count.parse(metadata.annotations[podsMaxAnnotation]),
    }));
}
