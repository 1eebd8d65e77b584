import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { MemberActor } from '@tenantry/core/actor/actor';
import { readCounts } from '@tenantry/core/attribution/counters';
import { performanceDaysMax } from '@tenantry/core/contract/attribution';
import { DomainError } from '@tenantry/core/errors/domain-error';
import {
  candidateOf,
  comparesModels,
  type Experiment,
  type ExperimentPlan,
} from '@tenantry/core/experiment/experiment';
import { readResults } from '@tenantry/core/experiment/results';
import { endable, endExperiment, findExperiment, startExperiment } from '@tenantry/core/experiment/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { assertBelowLimit } from '@tenantry/core/tier/entitlements';
import { askedForToday, listTrainings } from '@tenantry/core/training/history';
import { findMerging, isMerging } from '@tenantry/core/training/merging';
import { findModel, listModels } from '@tenantry/core/training/model-registry';
import { noteServing, pointTo } from '@tenantry/core/training/promotion';
import { trainingAfter } from '@tenantry/core/training/schedule';
import { type TrainingInput, trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining, isRunning, startTraining } from '@tenantry/core/training/training';
import { readArchivedEvents } from '@tenantry/core/usage/activity';
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

/** @throws {DomainError} `conflict` while an experiment compares models, which must not change until it ends */
async function assertNotCompared(tenantId: TenantId, { 'tenant-rules': { Catalogue } }: Stores): Promise<void> {
  if (!comparesModels(await findExperiment(Catalogue, tenantId))) return;
  throw new DomainError('conflict', 'An experiment compares models; end it first.');
}

/** @throws {DomainError} `not_found` for a model that is not registered; `conflict` while a training or a merge runs */
async function serve(
  version: string,
  scoped: Stores,
  { actor, at }: { readonly actor: MemberActor; readonly at: Date },
): Promise<void> {
  const { tenantId } = actor;
  const control = scoped['tenant-models'].Control;
  const model = await findModel(control, tenantId, version);
  if (!model) throw new DomainError('not_found', 'There is no such model.');
  const serving = (await findTraining(control, tenantId))?.servingVersion;
  const before = serving === undefined ? undefined : await findModel(control, tenantId, serving);
  const { Control, Audit, Models } = scoped['tenant-promotion'];
  await noteServing({ control: Control, auditTable: Audit.name }, version, { actor, at });
  await pointTo(Models, tenantId, model, before, at);
}

/**
 * The model that a plan compares with the one that serves; null where it is not about models.
 * @throws {DomainError} `invalid_request` when there is no such model, or it is the one that serves; `conflict` while a training or a merge
 *   runs, which would change what is compared
 */
async function findCandidate(
  tenantId: TenantId,
  { 'tenant-models': { Control } }: Stores,
  plan: ExperimentPlan,
  now: Date,
): Promise<Experiment['candidate']> {
  const version = candidateOf(plan);
  if (version === undefined) return null;
  const [model, training, merging] = await Promise.all([
    findModel(Control, tenantId, version),
    findTraining(Control, tenantId),
    findMerging(Control, tenantId),
  ]);
  if (!model || training?.servingVersion === version) {
    const field = `variants.${plan.variants.findIndex((variant) => variant.model === version)}.model`;
    const message = model ? 'must be another than the model that serves' : 'must be a model that is there';
    throw new DomainError('invalid_request', `${field}: ${message}.`, { fields: [{ field, message }] });
  }
  if ((training && isRunning(training, now)) || isMerging(merging, now)) {
    throw new DomainError('conflict', 'A training is running, or newer events are being added; wait until it ends.');
  }
  return { version, sha256: model.sha256 };
}

export const handler = createApi('models', createScope('api/models', { s3: scopedS3 }), {
  listModels: async ({ tenant: { tenantId, tier }, scoped, now }) => {
    const control = scoped['tenant-models'].Control;
    const [models, training, merging, history] = await Promise.all([
      listModels(control, tenantId),
      findTraining(control, tenantId),
      findMerging(control, tenantId),
      listTrainings(control, tenantId),
    ]);
    const { newest } = merging ?? {};
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
      nextTrainingAt: training
        ? new Date(
            Math.max(
              now.getTime(),
              trainingAfter(tenantId, tierCatalogue[tier].training, Date.parse(training.startedAt)),
            ),
          ).toISOString()
        : null,
      merge: newest ? { at: newest.at, events: newest.events, problem: newest.problem } : null,
    };
  },
  trainModel: async ({ tenant: { tenantId, tier }, scoped, now }) => {
    const control = scoped['tenant-models'].Control;
    await assertNotCompared(tenantId, scoped);
    assertBelowLimit(tier, 'trainingsPerDay', askedForToday(await listTrainings(control, tenantId), now));
    const input: TrainingInput = { tenantId, trainingId: newId('model', now.getTime()) };
    const archivedEvents = await readArchivedEvents(scoped['tenant-usage'].Usage, tenantId);
    await startTraining(control, tenantId, input.trainingId, now, { archivedEvents });
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
    await assertNotCompared(actor.tenantId, scoped);
    await serve(version, scoped, { actor, at: now });
    return { version };
  },
  getPerformance: async ({ tenant: { tenantId }, scoped, query, now }) => {
    const { first, last } = daysOf(query, now);
    const days = await readCounts(scoped['tenant-performance'].Attribution, tenantId, { first, last });
    return { from: first, to: last, days: [...days] };
  },
  getExperiment: async ({ tenant: { tenantId }, scoped, now }) =>
    shown(tenantId, scoped, await findExperiment(scoped['tenant-rules'].Catalogue, tenantId), now),
  startExperiment: async ({ actor, scoped, body, now }) => {
    const candidate = await findCandidate(actor.tenantId, scoped, body, now);
    const started = await startExperiment(tablesOf(scoped), body, { actor, at: now }, candidate);
    return shown(actor.tenantId, scoped, started, now);
  },
  endExperiment: async ({ actor, scoped, body: { winner }, now }) => {
    const running = endable(await findExperiment(scoped['tenant-rules'].Catalogue, actor.tenantId), winner);
    const won = running.plan.variants.find(({ name }) => name === winner)?.model;
    // First, so that what breaks off here is done again by ending it again.
    if (won !== undefined) await serve(won, scoped, { actor, at: now });
    const ended = await endExperiment(tablesOf(scoped), winner, { actor, at: now });
    return shown(actor.tenantId, scoped, ended, now);
  },
});
