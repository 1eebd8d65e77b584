import { type FleetTask, fleetRolloutDefinition } from '@tenantry/core/fleet/state-machine';
import { releaserGroup } from '@tenantry/core/silo/provisioner';
import type { Silos } from './cluster.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { on } from './grants.ts';
import { siloSettings } from './provisioning.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Brings new versions of the recommender to the silos. */
export function createFleet({ storage, silos }: { storage: Storage; silos: Silos | null }) {
  const tasks: Record<FleetTask, DeployedFunction> = {
    'fleet-rollout': createFunction('tasks/fleet-rollout', {
      storage,
      environment: { SILO_IMAGE: silos?.image ?? '', SOAK_SECONDS: String(silos?.soakSeconds ?? 0) },
      timeoutSeconds: 60,
    }),
    'fleet-silo': createFunction('tasks/fleet-silo', {
      storage,
      environment: { ...siloSettings(storage, silos), CLUSTER_NAME: silos?.cluster.name ?? '' },
      grants: silos ? [on(['eks:DescribeCluster'], silos.cluster.arn)] : [],
      timeoutSeconds: 60,
    }),
    'fleet-gate': createFunction('tasks/fleet-gate', { storage, timeoutSeconds: 60 }),
  };
  silos?.admit('SilosReleaser', tasks['fleet-silo'], releaserGroup);
  const functions = Object.values(tasks);
  const stateMachine = createStateMachine('Fleet', {
    name: 'fleet',
    definition: $resolve([tasks['fleet-rollout'].arn, tasks['fleet-silo'].arn, tasks['fleet-gate'].arn] as const).apply(
      ([rollout, silo, gate]) =>
        fleetRolloutDefinition({ 'fleet-rollout': rollout, 'fleet-silo': silo, 'fleet-gate': gate }),
    ),
    tasks: functions.map(({ arn }) => arn),
  });
  return { stateMachine, functions };
}
