import * as z from 'zod';
import type { KubernetesObject } from '../object.ts';

const probeSchema = z.object({
  httpGet: z.object({ path: z.string().default('/') }),
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  failureThreshold: z.number().default(3),
});
export type ProbeSpec = z.infer<typeof probeSchema>;

const keyReference = z.object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) });

const variableSchema = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      secretKeyRef: keyReference.optional(),
      configMapKeyRef: keyReference.optional(),
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});
export type VariableSpec = z.infer<typeof variableSchema>;

const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).default([]),
  env: z.array(variableSchema).default([]),
  startupProbe: probeSchema.optional(),
  readinessProbe: probeSchema.optional(),
  livenessProbe: probeSchema.optional(),
  lifecycle: z
    .object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }).optional() }).optional() })
    .optional(),
});
export type ContainerSpec = z.infer<typeof containerSchema>;

const podSpecSchema = z.object({
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).default('Always'),
  serviceAccountName: z.string().default('default'),
  terminationGracePeriodSeconds: z.number().default(30),
  containers: z.tuple([containerSchema]),
});

const podStatusSchema = z.object({
  phase: z.string().optional(),
  containerStatuses: z.array(z.object({ restartCount: z.number(), ready: z.boolean() })).default([]),
});

/** What the kubelet reads of a pod. */
export interface PodView {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly serviceAccountName: string;
  readonly graceSeconds: number;
  readonly container: ContainerSpec;
  readonly restartCount: number;
  readonly stopping: boolean;
  readonly restartPolicy: z.infer<typeof podSpecSchema>['restartPolicy'];
  /** It has begun to run. */
  readonly running: boolean;
  /** Its container has ended and is not started again. */
  readonly ended: boolean;
}

/** @throws {ZodError} for an object that is not a pod of one container */
export function podView(pod: KubernetesObject): PodView {
  const spec = podSpecSchema.parse(pod.spec);
  const status = podStatusSchema.parse(pod.status ?? {});
  return {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    uid: pod.metadata.uid,
    serviceAccountName: spec.serviceAccountName,
    graceSeconds: spec.terminationGracePeriodSeconds,
    container: spec.containers[0],
    restartCount: status.containerStatuses[0]?.restartCount ?? 0,
    stopping: pod.metadata.deletionTimestamp !== undefined,
    restartPolicy: spec.restartPolicy,
    running: status.phase === 'Running',
    ended: status.phase === 'Succeeded' || status.phase === 'Failed',
  };
}
