import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';

const ruleSchema = z.object({
  action: z.enum(['FailJob', 'FailIndex', 'Ignore', 'Count']),
  onExitCodes: z.object({ operator: z.enum(['In', 'NotIn']), values: z.array(z.number()) }).optional(),
  onPodConditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
});
export type PodFailureRule = z.infer<typeof ruleSchema>;

const specSchema = z.object({
  completions: z.number().default(1),
  parallelism: z.number().default(1),
  backoffLimit: z.number().default(6),
  activeDeadlineSeconds: z.number().optional(),
  ttlSecondsAfterFinished: z.number().optional(),
  podFailurePolicy: z.object({ rules: z.array(ruleSchema) }).optional(),
  template: z.object({
    metadata: z.object({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
    spec: z.looseObject({ restartPolicy: z.enum(['OnFailure', 'Never']) }),
  }),
});

export const conditionTypes = ['SuccessCriteriaMet', 'Complete', 'FailureTarget', 'Failed'] as const;

const conditionSchema = z.object({
  type: z.enum(conditionTypes),
  status: z.literal('True'),
  reason: z.string(),
  message: z.string(),
  lastProbeTime: z.string(),
  lastTransitionTime: z.string(),
});
export type JobCondition = z.infer<typeof conditionSchema>;

const statusSchema = z.object({
  startTime: z.string().optional(),
  completionTime: z.string().optional(),
  failed: z.number().default(0),
  conditions: z.array(conditionSchema).default([]),
});

export interface JobView {
  readonly spec: z.infer<typeof specSchema>;
  readonly status: z.infer<typeof statusSchema>;
}

/** @throws {ZodError} for an object that is no Job */
export const jobView = (job: KubernetesObject): JobView => ({
  spec: specSchema.parse(job.spec),
  status: statusSchema.parse(job.status ?? {}),
});

const podStatusSchema = z.object({
  phase: z.string().default('Pending'),
  conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  containerStatuses: z
    .array(
      z.object({
        restartCount: z.number().default(0),
        state: z
          .object({ terminated: z.object({ exitCode: z.number(), finishedAt: z.string().optional() }).optional() })
          .optional(),
      }),
    )
    .default([]),
});

/** What a Job's controller reads of one of its pods. */
export interface JobPod {
  readonly object: KubernetesObject;
  readonly phase: string;
  readonly ended: boolean;
  readonly going: boolean;
  readonly restarts: number;
  readonly exitCodes: readonly number[];
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
  /** Milliseconds since the epoch; of the container that ended last. */
  readonly endedAt: number | undefined;
}

export function jobPod(object: KubernetesObject): JobPod {
  const { phase, conditions, containerStatuses } = podStatusSchema.parse(object.status ?? {});
  const ends = containerStatuses.flatMap(({ state }) => state?.terminated ?? []);
  return {
    object,
    phase,
    ended: phase === 'Succeeded' || phase === 'Failed',
    going: object.metadata.deletionTimestamp !== undefined,
    restarts: containerStatuses.reduce((sum, one) => sum + one.restartCount, 0),
    exitCodes: ends.map(({ exitCode }) => exitCode),
    conditions,
    endedAt:
      ends.length === 0 ? undefined : Math.max(...ends.map(({ finishedAt = '' }) => Date.parse(finishedAt) || 0)),
  };
}
