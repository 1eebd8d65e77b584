import { trainingDefinition } from '@tenantry/core/training/state-machine';
import { createFunction } from './function.ts';
import { on, trustOnBehalf } from './grants.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Training of tenants' models from their archives, and what starts it by the clock. */
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
  const schedule = createFunction('jobs/schedule-training', {
    storage,
    environment: { TRAINING_ARN: stateMachine.arn },
    grants: [on(['states:StartExecution'], stateMachine.arn)],
    timeoutSeconds: 300,
  });
  new sst.aws.CronV2('ScheduleTraining', {
    schedule: $app.stage === 'local' ? 'rate(10 minutes)' : 'rate(5 minutes)',
    function: schedule.arn,
    retries: 2,
    transform: {
      role(args) {
        args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
      },
    },
  });
  return { stateMachine, functions: [train, schedule] };
}
