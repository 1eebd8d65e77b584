import { rfc3339 } from '../api/registry.ts';
import type { KubernetesObject } from '../object.ts';
import type { DeploymentCondition, DeploymentView } from './deployment-view.ts';

export interface ReplicaCounts {
  readonly all: number;
  readonly updated: number;
  readonly ready: number;
  readonly updatedReady: number;
}

type State = Pick<DeploymentCondition, 'status' | 'reason' | 'message'>;

function condition(view: DeploymentView, type: string, state: State, now: number): DeploymentCondition {
  const before = view.status.conditions.find((one) => one.type === type);
  const at = rfc3339(now);
  return {
    type,
    ...state,
    lastTransitionTime: before?.status === state.status ? before.lastTransitionTime : at,
    lastUpdateTime: before?.reason === state.reason ? before.lastUpdateTime : at,
  };
}

function progressing(name: string, view: DeploymentView, counts: ReplicaCounts, stalledMs: number): State {
  const wanted = view.spec.replicas;
  if (counts.updatedReady >= wanted && counts.all === wanted) {
    return { status: 'True', reason: 'NewReplicaSetAvailable', message: `"${name}" has successfully progressed.` };
  }
  if (stalledMs > view.spec.progressDeadlineSeconds * 1000) {
    return { status: 'False', reason: 'ProgressDeadlineExceeded', message: `"${name}" has timed out progressing.` };
  }
  return { status: 'True', reason: 'ReplicaSetUpdated', message: `"${name}" is progressing.` };
}

/**
 * A Deployment's status from its pods.
 * @param failure why a pod could not be made, where one could not
 * @param stalledMs for how long nothing has moved
 */
export function deploymentStatus(
  deployment: KubernetesObject,
  view: DeploymentView,
  counts: ReplicaCounts,
  options: { readonly failure: string | undefined; readonly stalledMs: number; readonly now: number },
): object {
  const { name, generation } = deployment.metadata;
  const available: State =
    counts.ready >= view.spec.replicas
      ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
      : {
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        };
  const conditions = [
    condition(view, 'Available', available, options.now),
    condition(view, 'Progressing', progressing(name, view, counts, options.stalledMs), options.now),
    ...(options.failure === undefined
      ? []
      : [
          condition(
            view,
            'ReplicaFailure',
            { status: 'True', reason: 'FailedCreate', message: options.failure },
            options.now,
          ),
        ]),
  ];
  return {
    observedGeneration: generation,
    replicas: counts.all,
    updatedReplicas: counts.updated,
    readyReplicas: counts.ready,
    availableReplicas: counts.ready,
    unavailableReplicas: Math.max(0, view.spec.replicas - counts.ready),
    conditions,
  };
}
