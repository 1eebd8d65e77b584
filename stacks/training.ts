import { trainingDefinition } from '@tenantry/core/training/state-machine';
import { createFunction } from './function.ts';
import { on } from './grants.ts';
import type { Schedule } from './schedule.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Training of tenants' models from their archives, and what starts it by the clock. */
export function createTraining({ storage, schedule }: { storage: Storage; schedule: Schedule }) {
  const train = createFunction('tasks/train-model', {
    storage,
    memoryMb: 3008,
    timeoutSeconds: 900,
  });
  const stateMachine = createStateMachine('Training', {
    name: 'training',
    definition: train.arn.apply((arn) => trainingDefinition({ train: arn })),
    tasks: [train.arn],
  });
  const scheduler = createFunction('jobs/schedule-training', {
    storage,
    environment: { TRAINING_ARN: stateMachine.arn },
    grants: [on(['states:StartExecution'], stateMachine.arn)],
    timeoutSeconds: 300,
  });
  schedule('schedule-training', scheduler);
  return { stateMachine, functions: [train, scheduler] };
}
