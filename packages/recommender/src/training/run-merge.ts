import { listFiles, readFiles } from '@tenantry/core/archive/archive';
import { notTaken, type Taken, takenSchema, taking } from '@tenantry/core/archive/taken';
import type { TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { noteMerged } from '@tenantry/core/training/merging';
import {
  findModel,
  type RegisteredModel,
  registerModel,
  servingKey,
  servingSchema,
  takenKey,
} from '@tenantry/core/training/model-registry';
import { pointTo } from '@tenantry/core/training/promotion';
import { findTraining } from '@tenantry/core/training/training';
import { readModelFile } from '../model/read-model-file.ts';
import { storeModel } from './make-model.ts';
import { mergeEvents } from './merge.ts';
import type { TrainingStores } from './run-training.ts';

/**
 * As long as no more files than these came since the training, all of them are merged into the trained model anew, so that sessions are cut as
 * a training would. Beyond, only what is new goes into the merge before, and a session that goes on is taken for two.
 */
const REREAD_FILES_MAX = 200;

interface Part {
  readonly model: RegisteredModel;
  readonly files: readonly string[];
  readonly taken: Taken;
}

/**
 * Adds the events that came since to the model that serves, and lets the result serve. The version is the merge's id, so a repeat replaces
 * itself, and one that had come to its end serves what it made.
 * @param assertWritable asked before anything is written. @throws when nothing may be written for the tenant any more
 * @returns how many events were added; nothing when there was nothing to do, or a training began meanwhile
 */
export async function runMerge(
  stores: TrainingStores,
  { tenantId, mergeId }: { readonly tenantId: TenantId; readonly mergeId: string },
  assertWritable: () => Promise<unknown>,
): Promise<number> {
  const { control, models, archive } = stores;
  const serving = await findServing(stores, tenantId);
  if (!serving) return 0;
  const part = serving.version === mergeId ? undefined : await choosePart(stores, tenantId, serving);
  if (!part) {
    await pointAgain(stores, tenantId, serving);
    return 0;
  }
  const { model, files, taken } = part;
  const blob = await readModelFile(models, tenantId, model);
  const merged = await mergeEvents(blob, readFiles(archive, tenantId, files), { version: mergeId });
  await assertWritable();
  const { from = merged.window.from, to = merged.window.to } = secondsOf(model);
  const registered = await storeModel(
    models,
    tenantId,
    { ...merged, window: { from: Math.min(from, merged.window.from || from), to: Math.max(to, merged.window.to) } },
    {
      version: mergeId,
      madeBy: 'merge',
      base: model.base ?? model.version,
      parameters: model.parameters,
      taken: taking(taken, files, new Date()),
    },
  );
  await registerModel(control, tenantId, registered);
  if (!(await noteMerged(control, tenantId, { mergeId, from: serving.version }))) return 0;
  await pointTo(models, tenantId, registered, serving, new Date());
  return merged.events - serving.events;
}

const secondsOf = ({ window }: RegisteredModel): { readonly from?: number; readonly to?: number } =>
  window ? { from: Date.parse(window.from) / 1000, to: Date.parse(window.to) / 1000 } : {};

async function findServing({ control }: TrainingStores, tenantId: TenantId): Promise<RegisteredModel | undefined> {
  const version = (await findTraining(control, tenantId))?.servingVersion;
  return version === undefined ? undefined : findModel(control, tenantId, version);
}

/** What is merged into which model; nothing when all is taken, or when it is not known what a model of before was made of. */
async function choosePart(
  stores: TrainingStores,
  tenantId: TenantId,
  serving: RegisteredModel,
): Promise<Part | undefined> {
  const base = serving.base === undefined ? serving : await findModel(stores.control, tenantId, serving.base);
  const ofServing = await readTaken(stores, tenantId, serving);
  const ofBase = base && (base === serving ? ofServing : await readTaken(stores, tenantId, base));
  if (!ofServing) return undefined;
  const listed = await listFiles(stores.archive, tenantId, (ofBase ?? ofServing).since || undefined);
  const fresh = notTaken(ofServing, listed);
  if (fresh.length === 0) return undefined;
  const sinceTraining = ofBase ? notTaken(ofBase, listed) : [];
  return base && ofBase && sinceTraining.length <= REREAD_FILES_MAX
    ? { model: base, files: sinceTraining, taken: ofBase }
    : { model: serving, files: fresh, taken: ofServing };
}

async function readTaken(
  { models }: TrainingStores,
  tenantId: TenantId,
  { version }: RegisteredModel,
): Promise<Taken | undefined> {
  const stored = await readObject(models.client, models.bucket, takenKey(tenantId, version));
  return typeof stored === 'string' ? undefined : takenSchema.parse(JSON.parse(new TextDecoder().decode(stored.body)));
}

/** Where a merge broke off before recommenders were told, they are told now. */
async function pointAgain({ models }: TrainingStores, tenantId: TenantId, serving: RegisteredModel): Promise<void> {
  const pointer = await readObject(models.client, models.bucket, servingKey(tenantId));
  const current =
    typeof pointer === 'string' ? undefined : servingSchema.parse(JSON.parse(new TextDecoder().decode(pointer.body)));
  if (current?.version !== serving.version) await pointTo(models, tenantId, serving, current, new Date());
}
