import { rfc3339 } from '../api/registry.ts';
import { isJsonObject, type KubernetesObject } from '../object.ts';
import type { Report } from './pod-runner.ts';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly lastTransitionTime: string;
}

function conditions(before: unknown, ready: boolean, now: number): readonly Condition[] {
  const previous =
    isJsonObject(before) && Array.isArray(before.conditions) ? before.conditions.filter(isJsonObject) : [];
  const states = { PodScheduled: true, Initialized: true, ContainersReady: ready, Ready: ready };
  return Object.entries(states).map(([type, holds]) => {
    const status = holds ? 'True' : 'False';
    const same = previous.find((one) => one.type === type && one.status === status);
    return { type, status, lastTransitionTime: String(same?.lastTransitionTime ?? rfc3339(now)) };
  });
}

/** A pod's status from what its runner reports. */
export function podStatus(
  pod: KubernetesObject,
  image: string,
  container: string,
  report: Report,
  now: number,
): object {
  const { state, restartCount, lastExitCode } = report;
  const running = state.kind === 'running';
  const ready = running && state.ready;
  const before = state.kind !== 'terminated' && lastExitCode !== undefined;
  return {
    phase: phaseOf(report),
    conditions: conditions(pod.status, ready, now),
    startTime: pod.metadata.creationTimestamp,
    containerStatuses: [
      {
        name: container,
        image,
        ready,
        started: running && state.started,
        restartCount,
        state: containerState(state, now),
        ...(before ? { lastState: { terminated: { exitCode: lastExitCode } } } : {}),
      },
    ],
  };
}

function phaseOf({ state, restartCount }: Report): string {
  if (state.kind === 'terminated') return state.exitCode === 0 ? 'Succeeded' : 'Failed';
  return state.kind === 'running' || restartCount > 0 ? 'Running' : 'Pending';
}

function containerState(state: Report['state'], now: number): object {
  if (state.kind === 'running') return { running: {} };
  if (state.kind === 'waiting') return { waiting: { reason: state.reason, message: state.message ?? '' } };
  const { exitCode } = state;
  return { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt: rfc3339(now) } };
}
