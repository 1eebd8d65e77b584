import { SFNClient } from '@aws-sdk/client-sfn';
import { addShopperCounts, countsByErasureSchema } from '@tenantry/core/erasure/counts';
import type { OwedErasure } from '@tenantry/core/erasure/erasure';
import { releaseRun, runOf } from '@tenantry/core/erasure/requests';
import {
  beginErasures,
  completeErasure,
  failErasures,
  runningErasures,
  saveShopperCounts,
} from '@tenantry/core/erasure/run';
import { erasurePlaceSchema, workThroughRows, workThroughShoppers } from '@tenantry/core/erasure/shopper-data';
import { erasureActions } from '@tenantry/core/erasure/state-machine';
import { listExports, withdrawExport } from '@tenantry/core/export/exports';
import { deleteFiles } from '@tenantry/core/export/objects';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { servedStatuses } from '@tenantry/core/tenant/status';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { type TrainingInput, trainingExecution } from '@tenantry/core/training/state-machine';
import { endTraining, findTraining, startTraining } from '@tenantry/core/training/training';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { startExecution } from '../start-execution.ts';
import { changeInput, failureInput, tenantTask } from './tenant-task.ts';

const { TRAINING_ARN } = readEnvironment({ TRAINING_ARN: required });
const sfn = new SFNClient({});
const scopeOf = createScope('tasks/erase-shoppers', { s3: scopedS3 });

/** A slice ends well before the time limit of its state. */
const SLICE_MS = 25_000;
/** Consumers of streams and slices of exports run no longer than this; what began later knows of the erasure. */
const SETTLES_AFTER_MS = 60_000;
const WITHDRAWN = 'A shopper was erased, whom the files may have held. Start another export.';

const inputSchema = z.object({
  tenantId: changeInput.tenantId,
  runId: z.string(),
  action: z.enum(erasureActions),
  place: erasurePlaceSchema.optional(),
  /** Of the slices before, and the sum of them all. */
  counts: countsByErasureSchema.optional(),
  total: z.int().optional(),
  home: z.string().optional(),
  retraining: z.string().nullish(),
  failure: failureInput.optional(),
});
type Input = z.output<typeof inputSchema>;
type Stores = Scoped<'tasks/erase-shoppers'>;
type Context = { readonly input: Input; readonly stores: Stores; readonly tenant: Tenant };

/** Where the tenant's events are, and how often that has changed. */
const homeOf = ({ isolation, tierChanges = 0 }: Tenant): string => `${isolation}-${tierChanges}`;

async function begin({ input, stores, tenant }: Context): Promise<object> {
  const { Control } = stores['tenant-shopper-erasure'];
  const now = new Date();
  const answer = { any: false, settled: now.toISOString(), home: homeOf(tenant) };
  if (tenant.status === 'migrating') return { ...answer, ready: false, reason: 'The company changes its tier.' };
  const taken = await beginErasures(Control, input.tenantId, now);
  if (taken.length === 0) {
    const idle = await releaseRun(Control, input.tenantId, input.runId);
    return { ...answer, ready: idle, reason: 'Another erasure was asked for at this moment.' };
  }
  for (const { exportId, status } of await listExports(Control, input.tenantId, now)) {
    if (status === 'running') await withdrawExport(Control, input.tenantId, exportId, now, WITHDRAWN);
  }
  const settled = new Date(now.getTime() + SETTLES_AFTER_MS).toISOString();
  return { ...answer, ready: true, reason: '', any: true, settled };
}

async function slice({ input, stores }: Context, erase: boolean): Promise<object> {
  const { tenantId, place, counts = {}, total = 0 } = input;
  if (!place) throw new Error('A slice needs a place.');
  const own = stores['tenant-shopper-erasure'];
  const until = Date.now() + SLICE_MS;
  const done = await workThroughShoppers(own, tenantId, await runningErasures(own.Control, tenantId), {
    from: place,
    erase,
    timeIsUp: () => Date.now() > until,
  });
  const sum = Object.values(done.counts).flatMap((one) => Object.values(one).map((count = 0) => count));
  return {
    done: !done.next,
    place: done.next ?? place,
    counts: addShopperCounts(counts, done.counts),
    total: sum.reduce((all, one) => all + one, total),
  };
}

/**
 * Has a model trained without the shoppers, where models may know their events. One that is being made may have read them before they were erased, so that it is
 * waited for.
 */
async function retrain({ input, stores, tenant }: Context): Promise<object> {
  const { tenantId } = input;
  const none = { ready: true, reason: '', retraining: null };
  const known = (await running(stores, input)).some(({ found }) => (found?.archivedEvents ?? 0) > 0);
  if (!known || !(servedStatuses as readonly string[]).includes(tenant.status)) return none;
  const { Control, Audit } = stores['tenant-models'];
  const training = await findTraining(Control, tenantId);
  const trainingId = retrainingOf(input);
  if (training?.trainingId === trainingId) return { ...none, retraining: trainingId };
  if (training?.status === 'running') return { ...none, ready: false, reason: 'A model is being trained.' };
  if (!training?.servingVersion) return none;
  const at = new Date();
  const started: TrainingInput = { tenantId, trainingId };
  // Nobody of the company asked for it: it is not charged, and takes none of its trainings of the day.
  await startTraining(Control, tenantId, trainingId, at, { startedBy: 'schedule' });
  try {
    await startExecution(sfn, TRAINING_ARN, trainingExecution(started), started);
  } catch (error) {
    await endTraining({ control: Control, auditTable: Audit.name }, tenantId, trainingId, at, {
      reason: 'The training could not be started.',
    });
    throw error;
  }
  return { ...none, retraining: trainingId };
}

/** Of all rounds of a run the same, so that a lost answer starts no second one. */
const retrainingOf = ({ runId }: Input): string => runId.replace(/^chg_/, 'mdl_');

const running = (stores: Stores, { tenantId }: Input): Promise<readonly OwedErasure[]> =>
  runningErasures(stores['tenant-shopper-erasure'].Control, tenantId);

/**
 * Takes back what was exported before, and issues the certificates; unless the company moves, or has.
 * @returns whether to begin again, for that or for what was asked for meanwhile
 */
async function complete({ input, stores, tenant }: Context): Promise<object> {
  const { tenantId, runId, retraining = null } = input;
  const own = stores['tenant-shopper-erasure'];
  const { Control, Audit, Exports } = own;
  // The answer of the first try was lost.
  if ((await runOf(Control, tenantId)) !== runId) return { again: false };
  if (tenant.status === 'migrating' || homeOf(tenant) !== input.home) return { again: true };
  const at = new Date();
  let exportsWithdrawn = 0;
  for (const { exportId, status } of await listExports(Control, tenantId, at)) {
    await deleteFiles({ ...Exports, tenantId, exportId });
    if (status !== 'failed') await withdrawExport(Control, tenantId, exportId, at, WITHDRAWN);
    exportsWithdrawn += 1;
  }
  for (const owed of await running(stores, input)) {
    // What came in while a model was waited for.
    await workThroughRows(own, tenantId, owed.shopperId, true);
    await completeErasure({ control: Control, auditTable: Audit.name }, tenantId, owed, {
      exportsWithdrawn,
      retraining,
      at: new Date(),
    });
  }
  return { again: !(await releaseRun(Control, tenantId, runId)) };
}

async function fail({ input, stores }: Context): Promise<object> {
  const { tenantId, runId, failure } = input;
  const { Control } = stores['tenant-shopper-erasure'];
  if ((await runOf(Control, tenantId)) !== runId) return { again: false };
  const begun = await running(stores, input);
  // A run that could not even begin fails for all that it would have taken.
  const failed = begun.length > 0 ? begun : await beginErasures(Control, tenantId, new Date());
  await failErasures(Control, tenantId, failed, reasonOf(failure ?? {}));
  return { again: !(await releaseRun(Control, tenantId, runId)) };
}

/** The tasks of the state machine of erasures. */
export const handler = tenantTask('erasure step', inputSchema, async (input, requestId) => {
  const { tenantId, action } = input;
  const stores = scopeOf({ tenantId, requestId });
  const { Control } = stores['tenant-shopper-erasure'];
  const tenant = await loadTenant(stores['tenant-registry'].Control, tenantId);
  const context = { input, stores, tenant };
  if (action === 'fail') return fail(context);
  if (tenant.deactivation?.final || tenant.status === 'deleted') throw new Error('The company is being deleted.');
  if (action === 'complete') return complete(context);
  if ((await runOf(Control, tenantId)) !== input.runId) {
    // The answer of the first try was lost: there was nothing to do.
    if (action === 'begin') return { ready: true, reason: '', any: false, settled: new Date().toISOString(), home: '' };
    throw new Error('Another run took the place of this one.');
  }
  switch (action) {
    case 'begin':
      return begin(context);
    case 'count':
      return slice(context, false);
    case 'saveFound':
      await saveShopperCounts(Control, tenantId, await running(stores, input), input.counts ?? {});
      return {};
    case 'erase':
      return slice(context, true);
    case 'retrain':
      return retrain(context);
  }
});
