import { podSchema } from './pod.ts';

/** Reasons for which a container waits that do not go away by waiting. */
const hopeless: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
];
/** A process may end once for a reason that passes, such as credentials that are not there yet. */
const RESTARTS_MAX = 2;

/**
 * Why pods of an image will not start, in a sentence; undefined while they may.
 * @param pods as the cluster lists them; those of other images are left out
 * @throws {ZodError} for what is no pod
 */
export function podFailure(pods: readonly unknown[], image: string): string | undefined {
  for (const pod of pods.map((one) => podSchema.parse(one))) {
    if (pod.spec.containers[0]?.image !== image) continue;
    for (const { restartCount, state } of pod.status?.containerStatuses ?? []) {
      const { reason = '', message = '' } = state?.waiting ?? {};
      const crashing = reason === 'CrashLoopBackOff' && restartCount >= RESTARTS_MAX;
      if (crashing || hopeless.includes(reason)) return message ? `${reason}: ${message}` : reason;
    }
  }
  return undefined;
}
