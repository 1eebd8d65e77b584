import { trainingDefinition } from '@tenantry/core/training/state-machine';
import { createFunction } from './function.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Training of tenants' models from their archives. */
export function createTraining({ storage }: { storage: Storage }) {
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
  return { stateMachine, functions: [train] };
}
