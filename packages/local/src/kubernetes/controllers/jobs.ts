import { randomBytes } from 'node:crypto';
import { rfc3339 } from '../api/registry.ts';
import { type KubernetesObject, sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { isReady } from './deployment-view.ts';
import { recordEvent } from './events.ts';
import { failuresOf, type Verdict, verdictOn } from './job-verdict.ts';
import { type JobCondition, type JobPod, type JobView, jobPod, jobView } from './job-view.ts';
import { makePod, markDeleted, ownerOf } from './make-pod.ts';
import { createWorkQueue } from './queue.ts';

const retryMs = 500;
/** The labels by which a Job's pods are found. */
const nameLabel = 'batch.kubernetes.io/job-name';
const uidLabel = 'batch.kubernetes.io/controller-uid';

const jobOf = (pod: KubernetesObject): string | undefined => ownerOf(pod, 'Job');

/**
 * Runs each Job's pod until one has succeeded: another after one that failed, later each time, as often as the Job allows and for no longer than
 * it allows. What has ended stays to be looked at until its time is over; then, or when somebody deletes it, its pods go with it.
 * @param backoffMs between attempts; Kubernetes' own are ten seconds and six minutes
 */
export function startJobController(
  store: Store,
  now: () => number,
  backoffMs: { readonly first: number; readonly most: number },
): { close(): void } {
  /** Pods that went without an end of their own, by their Job; known to this process only. */
  const lost = new Map<string, Set<string>>();
  const queue = createWorkQueue(reconcile, retryMs);

  function reconcile(uid: string): void {
    const job = store.list('Job').items.find((one) => one.metadata.uid === uid);
    const pods = store
      .list('Pod')
      .items.filter((pod) => jobOf(pod) === uid)
      .map(jobPod);
    if (!job) {
      lost.delete(uid);
      for (const { object } of pods) markDeleted(store, now(), object);
      return;
    }
    const view = jobView(job);
    const end = conditionOf(view, 'Complete') ?? conditionOf(view, 'Failed');
    if (end) expire(job, view, end);
    else bringOn(job, view, pods);
  }

  function expire(job: KubernetesObject, { spec }: JobView, end: JobCondition): void {
    if (spec.ttlSecondsAfterFinished === undefined) return;
    const left = Date.parse(end.lastTransitionTime) + spec.ttlSecondsAfterFinished * 1000 - now();
    if (left > 0) queue.add(job.metadata.uid, left);
    else store.remove(job);
  }

  function bringOn(job: KubernetesObject, view: JobView, pods: readonly JobPod[]): void {
    const { uid } = job.metadata;
    const startTime = view.status.startTime ?? rfc3339(now());
    const elapsedMs = now() - Date.parse(startTime);
    const failures = countFailures(uid, view, pods);
    const verdict = decided(view) ?? verdictOn(view, pods, { failures, elapsedMs });
    const living = pods.filter(({ ended }) => !ended);
    if (verdict) for (const { object } of living) markDeleted(store, now(), object);
    else if (living.length === 0 && view.spec.parallelism > 0) start(job, view, pods, failures);
    const { activeDeadlineSeconds } = view.spec;
    if (!verdict && activeDeadlineSeconds !== undefined) queue.add(uid, activeDeadlineSeconds * 1000 - elapsedMs + 1);
    writeStatus(job, view, { startTime, failures, verdict });
  }

  /** Those that it failed by so far, which only grow. */
  function countFailures(uid: string, view: JobView, pods: readonly JobPod[]): number {
    const gone = lost.get(uid) ?? new Set();
    lost.set(uid, gone);
    // Without a verdict, it was somebody else who had it deleted.
    if (!decided(view)) for (const { ended, going, object } of pods) if (going && !ended) gone.add(object.metadata.uid);
    return Math.max(view.status.failed, failuresOf(view, pods).length + gone.size);
  }

  function start(job: KubernetesObject, view: JobView, pods: readonly JobPod[], failures: number): void {
    const { uid, name } = job.metadata;
    const latest = Math.max(0, ...pods.map(({ endedAt = 0 }) => endedAt));
    const delay = failures === 0 ? 0 : Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.most);
    const left = latest + delay - now();
    if (left > 0) {
      queue.add(uid, left);
      return;
    }
    const podName = `${name.slice(0, 57)}-${randomBytes(3).toString('hex').slice(0, 5)}`;
    const labels = { [nameLabel]: name, [uidLabel]: uid };
    const message = makePod(store, now(), job, { name: podName, template: view.spec.template, labels });
    if (message === undefined) {
      recordEvent(store, now(), job, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${podName}`,
      });
      return;
    }
    recordEvent(store, now(), job, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${message}` });
    queue.add(uid, retryMs);
  }

  function writeStatus(
    job: KubernetesObject,
    view: JobView,
    found: { readonly startTime: string; readonly failures: number; readonly verdict: Verdict | undefined },
  ): void {
    const { uid, namespace, name } = job.metadata;
    const { startTime, failures, verdict } = found;
    const pods = store
      .list('Pod', namespace)
      .items.filter((pod) => jobOf(pod) === uid)
      .map(jobPod);
    const active = pods.filter(({ ended, going }) => !ended && !going);
    const terminating = pods.filter(({ ended, going }) => !ended && going).length;
    const succeeded = pods.filter(({ phase }) => phase === 'Succeeded').length;
    const conditions = conditionsOf(view, verdict, active.length + terminating === 0);
    const complete = conditions.find(({ type }) => type === 'Complete');
    const status = {
      startTime,
      ...(complete ? { completionTime: complete.lastTransitionTime } : {}),
      ...(active.length > 0 ? { active: active.length } : {}),
      ready: active.filter(({ object }) => isReady(object)).length,
      terminating,
      ...(succeeded > 0 ? { succeeded } : {}),
      ...(failures > 0 ? { failed: failures } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
      uncountedTerminatedPods: {},
    };
    const live = store.get('Job', namespace, name);
    if (live?.metadata.uid !== uid || sameJson(live.status, status)) return;
    store.put({ ...live, status });
    if (verdict && conditions.length === 2) {
      const type = verdict.succeeded ? 'Normal' : 'Warning';
      recordEvent(store, now(), job, { type, ...(verdict.succeeded ? completed : verdict) });
    }
  }

  /** What is decided is said at once; that it is done, when no pod is left that runs. */
  function conditionsOf(view: JobView, verdict: Verdict | undefined, ended: boolean): readonly JobCondition[] {
    if (!verdict) return view.status.conditions;
    const { reason, message } = verdict;
    const types = verdict.succeeded
      ? (['SuccessCriteriaMet', 'Complete'] as const)
      : (['FailureTarget', 'Failed'] as const);
    const at = rfc3339(now());
    return types.slice(0, ended ? 2 : 1).map(
      (type) =>
        conditionOf(view, type) ?? {
          type,
          status: 'True',
          reason,
          message,
          lastProbeTime: at,
          lastTransitionTime: at,
        },
    );
  }

  const end = store.subscribe(({ object }) => {
    if (object.kind === 'Job') queue.add(object.metadata.uid);
    const owner = object.kind === 'Pod' ? jobOf(object) : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  for (const job of store.list('Job').items) queue.add(job.metadata.uid);
  for (const pod of store.list('Pod').items) {
    const owner = jobOf(pod);
    if (owner !== undefined) queue.add(owner);
  }
  return {
    close() {
      end();
      queue.close();
    },
  };
}

const completed = { reason: 'Completed', message: 'Job completed' };

const conditionOf = ({ status }: JobView, type: JobCondition['type']): JobCondition | undefined =>
  status.conditions.find((one) => one.type === type);

/** A verdict that was pronounced stays, whatever becomes of the pods that are still to end. */
function decided(view: JobView): Verdict | undefined {
  const success = conditionOf(view, 'SuccessCriteriaMet');
  const found = success ?? conditionOf(view, 'FailureTarget');
  return found && { succeeded: found === success, reason: found.reason, message: found.message };
}
