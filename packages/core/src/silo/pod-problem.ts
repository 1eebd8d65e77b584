import * as z from 'zod';

const containerSchema = z.object({
  ready: z.boolean().optional(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional() }).optional(),
      running: z.object({}).optional(),
    })
    .optional(),
  lastState: z
    .object({ terminated: z.object({ exitCode: z.number(), reason: z.string().optional() }).optional() })
    .optional(),
});

const podSchema = z.object({
  metadata: z.object({ deletionTimestamp: z.string().optional() }),
  status: z
    .object({
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
      containerStatuses: z.array(containerSchema).optional(),
    })
    .optional(),
});

type Pod = z.infer<typeof podSchema>;
type Container = z.infer<typeof containerSchema>;

const noImage = () => 'its image cannot be fetched';

const endedBy = ({ lastState }: Container): string => {
  const { exitCode, reason } = lastState?.terminated ?? {};
  if (reason === 'OOMKilled') return 'it needs more memory than it may have, and is ended again and again';
  return `it ends again and again${exitCode === undefined ? '' : `, with exit code ${exitCode}`}`;
};

/** What the kubelet's reasons for waiting mean, gravest first. Messages of the cluster name images and accounts, and are left out. */
const waiting: Readonly<Record<string, (container: Container) => string>> = {
  InvalidImageName: noImage,
  ErrImageNeverPull: noImage,
  ImagePullBackOff: noImage,
  ErrImagePull: noImage,
  CrashLoopBackOff: endedBy,
  CreateContainerConfigError: () => 'something is missing that its container is given, such as a secret',
  CreateContainerError: () => 'its container cannot be made',
  RunContainerError: () => 'its container cannot be run',
};
const graveness = Object.keys(waiting);

const order = (reason: string): number => (reason in waiting ? graveness.indexOf(reason) : graveness.length);

/** One reason of one pod, with the cluster's own name of it. */
function problemsOf({ status }: Pod): readonly { readonly reason: string; readonly words: string }[] {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return [
      {
        reason: 'Unschedulable',
        words: `there is no node for it yet (${(scheduled.message ?? 'no reason given').slice(0, 150)})`,
      },
    ];
  }
  return (status?.containerStatuses ?? []).flatMap((container) => {
    const reason = container.state?.waiting?.reason ?? '';
    const words = Object.hasOwn(waiting, reason) ? waiting[reason]?.(container) : undefined;
    if (words !== undefined) return [{ reason, words }];
    const unready = container.state?.running !== undefined && container.ready === false;
    return unready ? [{ reason: 'NotReady', words: 'it runs, and does not yet say that it is ready' }] : [];
  });
}

/**
 * Why the pods of a rollout are not there yet: the gravest reason among them in words for people, with Kubernetes' name of it;
 * `undefined` when nothing is wrong but that it takes time.
 * @param pods as the cluster returns them
 * @throws {ZodError} for what is no pod
 */
export function podProblem(pods: readonly unknown[]): string | undefined {
  const problems = pods
    .map((pod) => podSchema.parse(pod))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap(problemsOf)
    .sort((a, b) => order(a.reason) - order(b.reason));
  const [gravest] = problems;
  return gravest && `${gravest.words} [${gravest.reason}]`;
}
