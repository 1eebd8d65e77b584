import * as z from 'zod';
import type { LiveObject } from './cluster/client.ts';
import { podSchema } from './pod.ts';
import { podFailure } from './pod-failure.ts';
import { podProblem } from './pod-problem.ts';

/** The longest that a training may take on a silo's own nodes, the coming of a node included. The state machine waits longer. */
export const jobSecondsMax = 45 * 60;

/** The trainer ends with it when another attempt would come to the same, such as a training without events. */
export const hopelessExitCode = 3;

/** The Job of a training, by the id of the model that it makes: `mdl_<ulid>`. */
export const trainingJobName = (trainingId: string): string => `training-${trainingId.replace(/^mdl_/, '')}`;

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
});
const jobSchema = z.object({
  status: z.object({ conditions: z.array(conditionSchema).optional() }).optional(),
});
export type JobOutcome =
  | { readonly kind: 'complete' }
  /** It will not come to an end that helps. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string };

/** What V8 ends a process with that has used up its heap. */
const HEAP_EXIT_CODE = 134;

/**
 * How a training's Job stands, in words for people: it has done its work, has failed, or goes on.
 * @param job as the cluster returns it
 * @param pods those of the Job
 * @throws {ZodError} for what is no Job, or no pod
 */
export function jobOutcome(job: LiveObject, pods: readonly LiveObject[]): JobOutcome {
  const { status } = jobSchema.parse(job);
  const holds = (type: string) => status?.conditions?.find((one) => one.type === type && one.status === 'True');
  if (holds('Complete')) return { kind: 'complete' };
  // It says so before its last pod has gone.
  const failed = holds('Failed') ?? holds('FailureTarget');
  if (failed) return { kind: 'failed', reason: `The training failed on the silo's nodes: ${why(failed.reason, pods)}` };
  const [first] = pods.map((pod) => podSchema.parse(pod).spec.containers[0]?.image);
  const problem = podProblem(pods);
  if (first !== undefined && podFailure(pods, first)) {
    return {
      kind: 'failed',
      reason: `The training does not start on the silo's nodes: ${problem ?? podFailure(pods, first)}`,
    };
  }
  return { kind: 'waiting', reason: problem ? `The training waits: ${problem}` : 'The training goes on' };
}

function why(reason: string | undefined, pods: readonly LiveObject[]): string {
  if (reason === 'DeadlineExceeded') {
    const waiting = podProblem(pods);
    const minutes = `it took longer than ${jobSecondsMax / 60} minutes`;
    return waiting ? `${minutes}, and ${waiting}` : `${minutes} [DeadlineExceeded]`;
  }
  const ends = pods
    .flatMap((pod) => podSchema.parse(pod).status?.containerStatuses ?? [])
    .flatMap(({ state }) => state?.terminated ?? [])
    .filter(({ exitCode }) => exitCode !== 0);
  if (ends.some((end) => end.reason === 'OOMKilled' || end.exitCode === HEAP_EXIT_CODE)) {
    return 'it needs more memory than it may have [OOMKilled]';
  }
  const [end] = ends;
  return end
    ? `it ended ${ends.length > 1 ? `${ends.length} times, ` : ''}with exit code ${end.exitCode} [${reason}]`
    : `[${reason}]`;
}
