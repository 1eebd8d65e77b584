import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { servedStatuses } from '@tenantry/core/tenant/status';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { endMerge } from '@tenantry/core/training/merging';
import { findModel } from '@tenantry/core/training/model-registry';
import { gateRefusal, pointTo } from '@tenantry/core/training/promotion';
import { forgetOldModels } from '@tenantry/core/training/retention';
import { trainingActions } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining } from '@tenantry/core/training/training';
import { meterTraining } from '@tenantry/core/usage/training-minutes';
import { runMerge } from '@tenantry/recommender/training/run-merge';
import { progressOf, runTraining, type TrainingStores } from '@tenantry/recommender/training/run-training';
import * as z from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const scopeOf = createScope('tasks/train-model', { s3: scopedS3 });
type Stores = Scoped<'tasks/train-model'>;

const inputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  trainingId: z.string(),
  action: z.enum(trainingActions['train-model']),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});

type Input = z.infer<typeof inputSchema>;

/** Where a training is written down. */
const recordsOf = ({ 'tenant-models': { Control, Audit } }: Stores) => ({ control: Control, auditTable: Audit.name });

/** A training may outlive the reason for it: a tenant that is not served any more gets no model. */
async function servedTenant({ tenantId }: Input, { 'tenant-registry': { Control } }: Stores): Promise<Tenant> {
  const tenant = await loadTenant(Control, tenantId);
  if (!(servedStatuses as readonly string[]).includes(tenant.status))
    throw new Error(`The company is ${tenant.status}.`);
  return tenant;
}

const trainingStores = (stores: Stores): TrainingStores => ({
  archive: stores['tenant-training'].Archive,
  models: stores['tenant-training'].Models,
  control: stores['tenant-models'].Control,
});

/** Where the model is to be trained. */
async function begin(input: Input, stores: Stores): Promise<{ isolation: Tenant['isolation'] }> {
  const { isolation } = await servedTenant(input, stores);
  return { isolation };
}

async function train(input: Input, stores: Stores): Promise<{ version: string }> {
  await servedTenant(input, stores);
  const { version, events, items, bytes, comparison } = await runTraining(trainingStores(stores), input, () =>
    servedTenant(input, stores),
  );
  log.info('model trained', { version, events, items, bytes, comparison: comparison?.outcome });
  return { version };
}

/** Lets the model serve, unless it is worse than the one that does. */
async function promote(input: Input, stores: Stores): Promise<{ version: string | null }> {
  const { tier } = await servedTenant(input, stores);
  const { tenantId, trainingId } = input;
  const control = stores['tenant-models'].Control;
  const model = await findModel(control, tenantId, trainingId);
  if (!model) throw new Error('The model is not registered.');
  const training = await findTraining(control, tenantId);
  const note = progressOf(control, tenantId, trainingId, training?.phases);
  await note({ phase: 'promoting' });
  const at = new Date();
  if (training?.startedBy !== 'schedule') {
    await meterTraining({ control, usage: stores['tenant-evidence'].Usage }, tenantId, trainingId, at);
  }
  const { Control, Models } = stores['tenant-training'];
  const forget = (...needed: string[]) =>
    forgetOldModels({ control: Control, models: Models }, tenantId, {
      keep: tierCatalogue[tier].limits.models,
      needed,
    });
  const refusal = gateRefusal(model);
  if (refusal) {
    await forget(...(training?.servingVersion ? [training.servingVersion] : []));
    await endTraining(recordsOf(stores), tenantId, trainingId, at, { refusal });
    return { version: null };
  }
  const before = training?.servingVersion ? await findModel(control, tenantId, training.servingVersion) : undefined;
  await pointTo(Models, tenantId, model, before, at);
  await forget(trainingId);
  await endTraining(recordsOf(stores), tenantId, trainingId, at, { servingVersion: trainingId });
  return { version: trainingId };
}

/** Adds the events that came since to the model that serves. */
async function merge(input: Input, stores: Stores): Promise<{ version: string }> {
  const { tier } = await servedTenant(input, stores);
  const { tenantId, trainingId: mergeId } = input;
  const { control, models } = trainingStores(stores);
  const events = await runMerge(trainingStores(stores), { tenantId, mergeId }, () => servedTenant(input, stores));
  const serving = (await findTraining(control, tenantId))?.servingVersion;
  await forgetOldModels({ control: stores['tenant-training'].Control, models }, tenantId, {
    keep: tierCatalogue[tier].limits.models,
    needed: serving ? [serving] : [],
  });
  await endMerge(control, tenantId, mergeId, new Date(), { events });
  log.info('events merged', { version: mergeId, events });
  return { version: mergeId };
}

async function failMerge({ tenantId, trainingId, failure }: Input, stores: Stores): Promise<{ version: null }> {
  const problem = reasonOf(failure ?? {});
  await endMerge(stores['tenant-models'].Control, tenantId, trainingId, new Date(), { problem });
  return { version: null };
}

async function fail({ tenantId, trainingId, failure }: Input, stores: Stores): Promise<{ version: null }> {
  const reason = reasonOf(failure ?? {});
  await endTraining(recordsOf(stores), tenantId, trainingId, new Date(), { reason });
  return { version: null };
}

const actions = { begin, train, promote, fail, merge, failMerge } as const;

/** The tasks of the training state machine. */
export const handler = (event: unknown, context: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    return actions[input.action](input, scopeOf({ tenantId: input.tenantId, requestId: context.awsRequestId }));
  });
