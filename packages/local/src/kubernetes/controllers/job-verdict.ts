import type { JobPod, JobView, PodFailureRule } from './job-view.ts';

/** Why a Job ends, in the words of the Job controller. */
export interface Verdict {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly message: string;
}

const matches = ({ onExitCodes, onPodConditions }: PodFailureRule, pod: JobPod): boolean => {
  if (onExitCodes) {
    const { operator, values } = onExitCodes;
    return pod.exitCodes.some((code) => code !== 0 && values.includes(code) === (operator === 'In'));
  }
  return (onPodConditions ?? []).some((wanted) =>
    pod.conditions.some(({ type, status }) => type === wanted.type && status === wanted.status),
  );
};

/** What the Job's policy says of a pod that failed; it counts unless a rule says otherwise. */
export const actionFor = ({ spec }: JobView, pod: JobPod): PodFailureRule['action'] =>
  spec.podFailurePolicy?.rules.find((rule) => matches(rule, pod))?.action ?? 'Count';

/** How often it failed: pods that did, but for those that its policy passes over. */
export const failuresOf = (view: JobView, pods: readonly JobPod[]): readonly JobPod[] =>
  pods.filter((pod) => pod.phase === 'Failed' && actionFor(view, pod) !== 'Ignore');

/**
 * Whether a Job has come to its end, one way or the other; undefined while it goes on.
 * @param failures pods that failed, lost ones included
 * @param elapsedMs since its start
 */
export function verdictOn(
  view: JobView,
  pods: readonly JobPod[],
  { failures, elapsedMs }: { readonly failures: number; readonly elapsedMs: number },
): Verdict | undefined {
  const { completions, backoffLimit, activeDeadlineSeconds, template } = view.spec;
  const failed = (reason: string, message: string): Verdict => ({ succeeded: false, reason, message });
  const hopeless = pods.find((pod) => pod.phase === 'Failed' && actionFor(view, pod) === 'FailJob');
  if (hopeless) {
    const { namespace, name } = hopeless.object.metadata;
    const code = hopeless.exitCodes[0];
    return failed(
      'PodFailurePolicy',
      `Container for pod ${namespace}/${name} failed with exit code ${code} matching FailJob rule`,
    );
  }
  // Containers that start over in their pod count as attempts too.
  const restarts = pods.filter(({ ended }) => !ended).reduce((sum, pod) => sum + pod.restarts, 0);
  const tooOften = template.spec.restartPolicy === 'OnFailure' && restarts > 0 && restarts >= Math.max(1, backoffLimit);
  if (failures > backoffLimit || tooOften) {
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (activeDeadlineSeconds !== undefined && elapsedMs >= activeDeadlineSeconds * 1000) {
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  const succeeded = pods.filter(({ phase }) => phase === 'Succeeded').length;
  return succeeded >= completions
    ? { succeeded: true, reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
    : undefined;
}
