import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Archive, listFiles, readFiles } from '@tenantry/core/archive/archive';
import { nothingTaken, type Taken, taking } from '@tenantry/core/archive/taken';
import type { Comparison, Phase } from '@tenantry/core/contract/models';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import {
  findModel,
  modelKey,
  type RegisteredModel,
  registerModel,
  takenKey,
} from '@tenantry/core/training/model-registry';
import { advance, type Step } from '@tenantry/core/training/phases';
import { judge, windowOf } from '@tenantry/core/training/promotion';
import { findTraining, notePhases } from '@tenantry/core/training/training';
import { decodeModel, type ModelContent } from '../model/model-file.ts';
import { ModelFileError } from '../model/model-file-error.ts';
import { readModelFile } from '../model/read-model-file.ts';
import { parameters, trainModel } from './train.ts';
import type { MadeModel } from './trained-model.ts';

/** What a training reaches: one tenant's archive, models, and the register of them. */
export interface TrainingStores {
  readonly archive: Archive;
  readonly models: Archive;
  /** The rows of models and trainings. */
  readonly control: Table;
}

/**
 * Archive → model, compared with the one that serves → its file in the bucket → a row in the register. The version is the training's id, so a
 * repeat replaces itself.
 * @param assertWritable asked before anything is written. @throws when nothing may be written for the tenant any more
 */
export async function runTraining(
  stores: TrainingStores,
  { tenantId, trainingId }: { readonly tenantId: TenantId; readonly trainingId: string },
  assertWritable: () => Promise<unknown>,
): Promise<RegisteredModel> {
  const { archive, control } = stores;
  const serving = await findServing(stores, tenantId, trainingId);
  const files = await listFiles(archive, tenantId);
  const note = progressOf(control, tenantId, trainingId);
  const { rivalry, ...model } = await trainModel(readFiles(archive, tenantId, files), {
    version: trainingId,
    serving: serving?.content,
    note: (step) =>
      note('counts' in step && 'events' in step.counts ? { counts: { files: files.length, ...step.counts } } : step),
  });
  await assertWritable();
  await note({ phase: 'storing' });
  const registered = await storeModel(stores, tenantId, model, {
    version: trainingId,
    madeBy: 'training',
    taken: taking(nothingTaken, files, new Date()),
    parameters,
    comparison: serving && judge(serving.version, rivalry),
  });
  await note({ counts: { bytes: model.blob.byteLength } });
  return registered;
}

/** The version that serves, and the trained model behind it; a model that cannot be read here leaves nothing to compare with. */
async function findServing(
  { control, models }: TrainingStores,
  tenantId: TenantId,
  trainingId: string,
): Promise<{ readonly version: string; readonly content: ModelContent | undefined } | undefined> {
  const version = (await findTraining(control, tenantId))?.servingVersion;
  if (!version || version === trainingId) return undefined;
  const registered = await findModel(control, tenantId, version);
  const model = registered?.base === undefined ? registered : await findModel(control, tenantId, registered.base);
  return { version, content: model && (await readable(models, tenantId, model)) };
}

async function readable(
  models: Archive,
  tenantId: TenantId,
  model: RegisteredModel,
): Promise<ModelContent | undefined> {
  try {
    return decodeModel(await readModelFile(models, tenantId, model));
  } catch (error) {
    if (error instanceof ModelFileError) return undefined;
    throw error;
  }
}

/** Writes down each step of a training. */
export function progressOf(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
  before: readonly Phase[] = [],
): (step: Step) => Promise<void> {
  let phases = before;
  return async (step) => {
    phases = advance(phases, step, new Date());
    await notePhases(control, tenantId, trainingId, phases);
  };
}

/** Stores a model and what it was made of, then registers it: what is registered is there. */
export async function storeModel(
  { models, control }: Pick<TrainingStores, 'models' | 'control'>,
  tenantId: TenantId,
  { blob, metrics, window, ...facts }: MadeModel,
  about: Pick<RegisteredModel, 'version' | 'madeBy' | 'base' | 'parameters'> & {
    readonly taken: Taken;
    readonly comparison?: Comparison | undefined;
  },
): Promise<RegisteredModel> {
  const { taken, ...row } = about;
  const put = (Key: string, Body: Uint8Array | string, ContentType: string) =>
    models.client.send(new PutObjectCommand({ Bucket: models.bucket, Key, Body, ContentType }));
  await put(takenKey(tenantId, row.version), JSON.stringify(taken), 'application/json');
  await put(modelKey(tenantId, row.version), blob, 'application/octet-stream');
  const registered: RegisteredModel = {
    ...row,
    ...facts,
    createdAt: new Date().toISOString(),
    bytes: blob.byteLength,
    sha256: createHash('sha256').update(blob).digest('hex'),
    quality: metrics,
    window: windowOf(window),
  };
  await registerModel(control, tenantId, registered);
  return registered;
}
