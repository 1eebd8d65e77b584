import * as z from 'zod';

const statusSchema = z.object({
  metadata: z.object({ generation: z.number().optional() }),
  spec: z.object({ replicas: z.number().optional() }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      replicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

export interface RolloutStatus {
  /** Every replica runs the newest template and answers. */
  readonly done: boolean;
  /** The cluster has given up; waiting longer helps only if the cause goes away. */
  readonly failed: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

/**
 * How far a Deployment is, from the object as the cluster returns it.
 * @throws {ZodError} when it is not a Deployment
 */
export function rolloutStatus(deployment: unknown): RolloutStatus {
  const { metadata, spec, status = {} } = statusSchema.parse(deployment);
  const wanted = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const replicas = status.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const waiting = (reason: string): RolloutStatus => ({ done: false, failed: false, reason });

  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return waiting('The cluster has not yet seen the newest specification.');
  }
  const progressing = status.conditions?.find((condition) => condition.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return { done: false, failed: true, reason: progressing.message ?? 'The rollout did not progress in time.' };
  }
  if (updated < wanted) {
    const refused = status.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
    const why = refused?.message ? ` The cluster refuses to make more: ${refused.message}` : '';
    return waiting(`${updated} of ${wanted} replicas are updated.${why}`);
  }
  if (replicas > updated) return waiting(`${replicas - updated} old replicas are still to stop.`);
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available.`);
  return { done: true, failed: false, reason: `${available} of ${wanted} replicas are available.` };
}
