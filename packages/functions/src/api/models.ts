import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId } from '@tenantry/core/ids/id';
import { assertBelowLimit } from '@tenantry/core/tier/entitlements';
import {
  endTraining,
  findModel,
  findTraining,
  listModels,
  startTraining,
} from '@tenantry/core/training/model-registry';
import { noteServing, pointTo } from '@tenantry/core/training/promotion';
import { type TrainingInput, trainingExecution } from '@tenantry/core/training/state-machine';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const sfn = new SFNClient({});

export const handler = createApi('models', createScope('api/models', { s3: scopedS3 }), {
  listModels: async ({ tenant: { tenantId }, scoped }) => {
    const control = scoped['tenant-models'].Control;
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
  trainModel: async ({ tenant: { tenantId, tier }, scoped, now }) => {
    const control = scoped['tenant-models'].Control;
    const yesterday = new Date(now.getTime() - 86_400_000).toISOString();
    const models = await listModels(control, tenantId);
    assertBelowLimit(tier, 'trainingsPerDay', models.filter(({ createdAt }) => createdAt > yesterday).length);
    const input: TrainingInput = { tenantId, trainingId: newId('model', now.getTime()) };
    await startTraining(control, tenantId, input.trainingId, now);
    try {
      await sfn.send(
        new StartExecutionCommand({
          stateMachineArn: TRAINING_ARN,
          name: trainingExecution(input),
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      await endTraining(control, tenantId, input.trainingId, now, { reason: 'The training could not be started.' });
      throw error;
    }
    return { status: 'running' as const };
  },
  serveModel: async ({ actor, scoped, params: { version }, now }) => {
    const { tenantId } = actor;
    const model = await findModel(scoped['tenant-models'].Control, tenantId, version);
    if (!model) throw new DomainError('not_found', 'There is no such model.');
    const { Control, Audit, Models } = scoped['tenant-promotion'];
    await noteServing({ control: Control, auditTable: Audit.name }, version, { actor, at: now });
    await pointTo(Models, tenantId, model, now);
    return { version };
  },
});
