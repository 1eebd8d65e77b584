import * as z from 'zod';

const deploymentSchema = z.object({
  spec: z.object({ replicas: z.int().nonnegative().optional() }),
  status: z.object({ availableReplicas: z.int().nonnegative().optional() }).optional(),
});

/** How many replicas a silo has at the moment. */
export interface Replicas {
  /** What the cluster is asked for, by the autoscaler or by a suspension. */
  readonly wanted: number;
  /** How many answer. */
  readonly ready: number;
}

/**
 * Of a Deployment, as the cluster returns it, which leaves out what is none.
 * @throws {ZodError} when it is not a Deployment
 */
export function replicasOf(deployment: unknown): Replicas {
  const { spec, status } = deploymentSchema.parse(deployment);
  return { wanted: spec.replicas ?? 1, ready: status?.availableReplicas ?? 0 };
}
