import { trainingGroup } from '@tenantry/core/silo/provisioner';
import { trainingDefinition } from '@tenantry/core/training/state-machine';
import type { Silos } from './cluster.ts';
import { createFunction } from './function.ts';
import { on } from './grants.ts';
import type { Schedule } from './schedule.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Training of tenants' models from their archives, and what starts it by the clock. */
export function createTraining(options: { storage: Storage; schedule: Schedule; silos: Silos | null }) {
  const { storage, schedule, silos } = options;
  const train = createFunction('tasks/train-model', {
    storage,
    memoryMb: 3008,
    timeoutSeconds: 900,
  });
  const inSilo = createFunction('tasks/training-silo', {
    storage,
    environment: {
      CLUSTER_NAME: silos?.cluster.name ?? '',
      SILO_IMAGE: silos?.image ?? '',
      ARCHIVE_BUCKET: storage.archive.name,
    },
    grants: silos ? [on(['eks:DescribeCluster'], silos.cluster.arn)] : [],
    timeoutSeconds: 60,
  });
  silos?.admit('SilosTraining', inSilo, trainingGroup);
  const stateMachine = createStateMachine('Training', {
    name: 'training',
    definition: $resolve([train.arn, inSilo.arn] as const).apply(([ofPool, ofSilo]) =>
      trainingDefinition({ 'train-model': ofPool, 'training-silo': ofSilo }),
    ),
    tasks: [train.arn, inSilo.arn],
  });
  const scheduler = createFunction('jobs/schedule-training', {
    storage,
    environment: { TRAINING_ARN: stateMachine.arn },
    grants: [on(['states:StartExecution'], stateMachine.arn)],
    timeoutSeconds: 300,
  });
  schedule('schedule-training', scheduler);
  return { stateMachine, functions: [train, inSilo, scheduler] };
}
