import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readCounts } from '@tenantry/core/attribution/counters';
import { performanceDaysMax } from '@tenantry/core/contract/attribution';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { Experiment } from '@tenantry/core/experiment/experiment';
import { readResults } from '@tenantry/core/experiment/results';
import { endExperiment, findExperiment, startExperiment } from '@tenantry/core/experiment/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { assertBelowLimit } from '@tenantry/core/tier/entitlements';
import { askedForToday, listTrainings } from '@tenantry/core/training/history';
import { findModel, listModels } from '@tenantry/core/training/model-registry';
import { noteServing, pointTo } from '@tenantry/core/training/promotion';
import { type TrainingInput, trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining, startTraining } from '@tenantry/core/training/training';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const sfn = new SFNClient({});

type Stores = Scoped<'api/models'>;

const DAY_MS = 86_400_000;
const DAYS_BEFORE = 29;

const daysBefore = (day: string, count: number): string =>
  new Date(Date.parse(day) - count * DAY_MS).toISOString().slice(0, 10);

/** @throws {DomainError} `invalid_request` when the days are in the wrong order, or too many */
function daysOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, now: Date) {
  const last = to ?? now.toISOString().slice(0, 10);
  const first = from ?? daysBefore(last, DAYS_BEFORE);
  if (first <= last && first > daysBefore(last, performanceDaysMax)) return { first, last };
  const message = `must be at most ${performanceDaysMax} days, which end at to`;
  throw new DomainError('invalid_request', `from: ${message}.`, { fields: [{ field: 'from', message }] });
}

async function shown(tenantId: TenantId, stores: Stores, experiment: Experiment | null, now: Date) {
  const { Attribution } = stores['tenant-performance'];
  const results = experiment ? await readResults(Attribution, tenantId, experiment, now) : [];
  return { experiment, results: [...results] };
}

const tablesOf = ({ 'tenant-rules': { Catalogue, Audit } }: Stores) => ({
  catalogue: Catalogue,
  auditTable: Audit.name,
});

export const handler = createApi('models', createScope('api/models', { s3: scopedS3 }), {
  listModels: async ({ tenant: { tenantId }, scoped }) => {
    const control = scoped['tenant-models'].Control;
    const [models, training, history] = await Promise.all([
      listModels(control, tenantId),
      findTraining(control, tenantId),
      listTrainings(control, tenantId),
    ]);
    return {
      models: models.map(({ base, window, comparison, ...model }) => ({
        ...model,
        base: base ?? null,
        window: window ?? null,
        comparison: comparison ?? null,
        serving: model.version === training?.servingVersion,
      })),
      training: training
        ? {
            trainingId: training.trainingId,
            status: training.status,
            startedBy: training.startedBy,
            startedAt: training.startedAt,
            endedAt: training.endedAt ?? null,
            reason: training.reason ?? null,
            phases: training.phases,
          }
        : null,
      history: [...history],
      nextTrainingAt: null,
      merge: null,
    };
  },
  trainModel: async ({ tenant: { tenantId, tier }, scoped, now }) => {
    const control = scoped['tenant-models'].Control;
    assertBelowLimit(tier, 'trainingsPerDay', askedForToday(await listTrainings(control, tenantId), now));
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
      const records = { control, auditTable: scoped['tenant-models'].Audit.name };
      await endTraining(records, tenantId, input.trainingId, now, { reason: 'The training could not be started.' });
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
  getPerformance: async ({ tenant: { tenantId }, scoped, query, now }) => {
    const { first, last } = daysOf(query, now);
    const days = await readCounts(scoped['tenant-performance'].Attribution, tenantId, { first, last });
    return { from: first, to: last, days: [...days] };
  },
  getExperiment: async ({ tenant: { tenantId }, scoped, now }) =>
    shown(tenantId, scoped, await findExperiment(scoped['tenant-rules'].Catalogue, tenantId), now),
  startExperiment: async ({ actor, scoped, body, now }) =>
    shown(actor.tenantId, scoped, await startExperiment(tablesOf(scoped), body, { actor, at: now }), now),
  endExperiment: async ({ actor, scoped, body, now }) =>
    shown(actor.tenantId, scoped, await endExperiment(tablesOf(scoped), body.winner, { actor, at: now }), now),
});
