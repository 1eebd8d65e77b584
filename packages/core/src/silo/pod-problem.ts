import { z } from 'zod';

const podSchema = z.object({
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string().optional() })).optional(),
      containerStatuses: z
        .array(
          z.object({
            restartCount: z.number().optional(),
            state: z.object({ waiting: z.object({ reason: z.string().optional() }).optional() }).optional(),
            lastState: z.object({ terminated: z.object({ exitCode: z.number() }).optional() }).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

/** What the reasons of Kubernetes mean for people; reasons that pass by themselves are not among them. */
const sentences: Readonly<Record<string, string>> = {
  ErrImagePull: 'its image cannot be pulled from the registry',
  ImagePullBackOff: 'its image cannot be pulled from the registry',
  InvalidImageName: "its image's name is not valid",
  CrashLoopBackOff: 'it ends again and again soon after its start',
  CreateContainerConfigError: 'something that its configuration names is not there',
  CreateContainerError: 'its container cannot be made',
  Unschedulable: 'no node has room for it',
};

/**
 * Why a silo's pods do not run, in words and with the cluster's own word for it; undefined while nothing is known to be wrong.
 * @param pods as the cluster returns them
 * @throws {ZodError} when they are not pods
 */
export function podProblem(pods: readonly unknown[]): string | undefined {
  for (const { status } of z.array(podSchema).parse(pods)) {
    const unscheduled = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    const container = status?.containerStatuses?.[0];
    const reason = unscheduled?.reason ?? container?.state?.waiting?.reason ?? '';
    const sentence = Object.hasOwn(sentences, reason) ? sentences[reason] : undefined;
    if (sentence === undefined) continue;
    const exitCode = container?.lastState?.terminated?.exitCode;
    const details = reason === 'CrashLoopBackOff' && exitCode !== undefined ? `, exit code ${exitCode}` : '';
    return `${sentence} (${reason}${details})`;
  }
  return undefined;
}
