import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { newId } from '@tenantry/core/ids/id';
import { endTraining, findTraining, listModels, startTraining } from '@tenantry/core/training/model-registry';
import type { TrainingInput } from '@tenantry/core/training/state-machine';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const sfn = new SFNClient({});
const controlOf = scopedControl();

export const handler = createApi(
  'models',
  { controlOf },
  {
    listModels: async ({ tenant: { tenantId }, requestId }) => {
      const control = controlOf({ tenantId, requestId });
      const [models, training] = await Promise.all([listModels(control, tenantId), findTraining(control, tenantId)]);
      return {
        models: models.map((model) => ({ ...model, serving: model.version === training?.servingVersion })),
        training: training
          ? {
              status: training.status,
              startedAt: training.startedAt,
              endedAt: training.endedAt ?? null,
              reason: training.reason ?? null,
            }
          : null,
      };
    },
    trainModel: async ({ tenant: { tenantId }, now, requestId }) => {
      const control = controlOf({ tenantId, requestId });
      const input: TrainingInput = { tenantId, trainingId: newId('model', now.getTime()) };
      await startTraining(control, tenantId, input.trainingId, now);
      try {
        await sfn.send(
          new StartExecutionCommand({
            stateMachineArn: TRAINING_ARN,
            name: `${tenantId}-${input.trainingId}`,
            input: JSON.stringify(input),
          }),
        );
      } catch (error) {
        await endTraining(control, tenantId, input.trainingId, now, { reason: 'The training could not be started.' });
        throw error;
      }
      return { status: 'running' as const };
    },
  },
);
