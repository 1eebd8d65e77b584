import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';

const specSchema = z.object({
  replicas: z.number().default(1),
  paused: z.boolean().default(false),
  progressDeadlineSeconds: z.number().default(600),
  strategy: z.object({ type: z.string().default('RollingUpdate') }).default({ type: 'RollingUpdate' }),
  template: z.object({
    metadata: z.object({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
    spec: z.record(z.string(), z.unknown()),
  }),
});

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  lastUpdateTime: z.string(),
});
export type DeploymentCondition = z.infer<typeof conditionSchema>;

const statusSchema = z.object({
  updatedReplicas: z.number().default(0),
  availableReplicas: z.number().default(0),
  observedGeneration: z.number().default(0),
  conditions: z.array(conditionSchema).default([]),
});

export interface DeploymentView {
  readonly spec: z.infer<typeof specSchema>;
  readonly status: z.infer<typeof statusSchema>;
  /** Tells pods of this template from those of earlier ones. */
  readonly templateHash: string;
}

/** The label that carries the template's hash. */
export const templateLabel = 'pod-template-hash';

export function deploymentView(deployment: KubernetesObject): DeploymentView {
  const spec = specSchema.parse(deployment.spec);
  return {
    spec,
    status: statusSchema.parse(deployment.status ?? {}),
    templateHash: createHash('sha256').update(JSON.stringify(spec.template)).digest('hex').slice(0, 10),
  };
}

const podStatusSchema = z.object({
  conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
});

export const isReady = (pod: KubernetesObject): boolean =>
  podStatusSchema.parse(pod.status ?? {}).conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
