import { erasureDefinition } from '@tenantry/core/erasure/state-machine';
import { createFunction } from './function.ts';
import { on } from './grants.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';
import type { createTraining } from './training.ts';

/** Erases shoppers, one tenant's at a time. */
export function createErasure({
  storage,
  training,
}: {
  storage: Storage;
  training: ReturnType<typeof createTraining>;
}) {
  const trainingArn = training.stateMachine.arn;
  const task = createFunction('tasks/erase-shoppers', {
    storage,
    memoryMb: 1769,
    timeoutSeconds: 60,
    environment: { TRAINING_ARN: trainingArn },
    grants: [on(['states:StartExecution'], trainingArn)],
  });
  const stateMachine = createStateMachine('Erasure', {
    name: 'erasure',
    definition: task.arn.apply((arn) => erasureDefinition({ erase: arn })),
    tasks: [task.arn],
  });
  return { stateMachine, functions: [task] };
}
