import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Archive, listFiles, readFiles } from '@tenantry/core/archive/archive';
import { nothingTaken, type Taken, taking } from '@tenantry/core/archive/taken';
import type { Comparison } from '@tenantry/core/contract/models';
import type { TenantId } from '@tenantry/core/ids/id';
import { modelKey, type RegisteredModel, takenKey } from '@tenantry/core/training/model-registry';
import type { Opponent } from '@tenantry/core/training/opponent';
import type { Step } from '@tenantry/core/training/phases';
import { judge, windowOf } from '@tenantry/core/training/promotion';
import { decodeModel, type ModelContent } from '../model/model-file.ts';
import { ModelFileError } from '../model/model-file-error.ts';
import { readModelFile } from '../model/read-model-file.ts';
import { parameters, trainModel } from './train.ts';
import type { MadeModel } from './trained-model.ts';

/** What making a model reaches: one tenant's archive and models. */
export interface TrainingBuckets {
  readonly archive: Archive;
  readonly models: Archive;
}

/**
 * Archive → model, compared with the one that serves → its file in the bucket; the same in the pool's function and on a silo's own nodes. The
 * version is the training's id, so a repeat replaces itself.
 * @param assertWritable asked before anything is written. @throws when nothing may be written for the tenant any more
 * @returns the row of the model, to be registered: what it names is stored
 */
export async function makeModel(
  { archive, models }: TrainingBuckets,
  about: { readonly tenantId: TenantId; readonly trainingId: string; readonly opponent: Opponent | undefined },
  {
    note,
    assertWritable,
  }: {
    readonly note: (step: Step) => Promise<void>;
    readonly assertWritable: () => Promise<unknown>;
  },
): Promise<RegisteredModel> {
  const { tenantId, trainingId, opponent } = about;
  const serving = opponent && (await readModel(models, tenantId, opponent));
  const files = await listFiles(archive, tenantId);
  const { rivalry, ...model } = await trainModel(readFiles(archive, tenantId, files), {
    version: trainingId,
    serving,
    note: (step) =>
      note('counts' in step && 'events' in step.counts ? { counts: { files: files.length, ...step.counts } } : step),
  });
  await assertWritable();
  await note({ phase: 'storing' });
  const stored = await storeModel(models, tenantId, model, {
    version: trainingId,
    madeBy: 'training',
    taken: taking(nothingTaken, files, new Date()),
    parameters,
    comparison: opponent && judge(opponent.version, rivalry),
  });
  await note({ counts: { bytes: model.blob.byteLength } });
  return stored;
}

/** The trained model behind what serves; one that cannot be read here leaves nothing to compare with. */
async function readModel(models: Archive, tenantId: TenantId, { base }: Opponent): Promise<ModelContent | undefined> {
  if (!base) return undefined;
  try {
    return decodeModel(await readModelFile(models, tenantId, base));
  } catch (error) {
    if (error instanceof ModelFileError) return undefined;
    throw error;
  }
}

/** Stores a model and what it was made of. @returns the row of it, for the register */
export async function storeModel(
  models: Archive,
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
  return {
    ...row,
    ...facts,
    createdAt: new Date().toISOString(),
    bytes: blob.byteLength,
    sha256: createHash('sha256').update(blob).digest('hex'),
    quality: metrics,
    window: windowOf(window),
  };
}
