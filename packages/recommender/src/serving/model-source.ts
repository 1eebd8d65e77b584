import { createHash } from 'node:crypto';
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { TenantId } from '@tenantry/core/ids/id';
import { servingKey, servingSchema } from '@tenantry/core/training/model-registry';
import { emptyModel, type Model } from '../model/model.ts';
import { loadModel } from '../model/session-model.ts';

interface Held {
  readonly model: Model;
  /** Of the object that names the serving version. */
  readonly etag: string | undefined;
  readonly bytes: number;
  checkedAt: number;
}

export interface ModelSource {
  /** The tenant's serving model, at most `checkEveryMs` older than what was promoted. */
  modelOf(tenantId: TenantId, client: S3Client): Promise<Model>;
}

/**
 * Holds tenants' models in memory within a bound, least recently used out first. Whether a newer one was promoted is asked with the
 * ETag of one small object, side by side with the history query, so a warm answer waits for nothing more.
 */
export function createModelSource(options: {
  readonly bucket: string;
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  readonly now?: () => number;
}): ModelSource {
  const { bucket, bytesMax, checkEveryMs, now = Date.now } = options;
  const held = new Map<TenantId, Held>();
  const loading = new Map<TenantId, Promise<Held>>();

  const load = async (tenantId: TenantId, client: S3Client, current: Held | undefined): Promise<Held> => {
    const pointer = await getObject(client, bucket, servingKey(tenantId), current?.etag);
    if (pointer === 'unchanged' && current) return { ...current, checkedAt: now() };
    if (pointer === 'missing' || pointer === 'unchanged') {
      return { model: emptyModel, etag: undefined, bytes: 0, checkedAt: now() };
    }
    const { key, version, sha256 } = servingSchema.parse(JSON.parse(new TextDecoder().decode(pointer.body)));
    if (current?.model.version === version) return { ...current, etag: pointer.etag, checkedAt: now() };
    const blob = await getObject(client, bucket, key, undefined);
    if (typeof blob === 'string') throw new Error(`The model ${version} is promoted but not in the bucket.`);
    if (sha256 && createHash('sha256').update(blob.body).digest('hex') !== sha256) {
      throw new Error(`The model ${version} in the bucket is not the one that was promoted: its hash is another.`);
    }
    return { model: loadModel(blob.body), etag: pointer.etag, bytes: blob.body.byteLength, checkedAt: now() };
  };

  const keep = (tenantId: TenantId, entry: Held): void => {
    held.delete(tenantId);
    held.set(tenantId, entry);
    let total = [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [oldest, { bytes }] of held) {
      if (total <= bytesMax || oldest === tenantId) break;
      held.delete(oldest);
      total -= bytes;
    }
  };

  const refresh = (tenantId: TenantId, client: S3Client, current: Held | undefined): Promise<Held> => {
    const running = loading.get(tenantId);
    if (running) return running;
    const started = load(tenantId, client, current)
      .then((entry) => {
        keep(tenantId, entry);
        return entry;
      })
      .finally(() => loading.delete(tenantId));
    loading.set(tenantId, started);
    return started;
  };

  return {
    async modelOf(tenantId, client) {
      const current = held.get(tenantId);
      if (!current) return (await refresh(tenantId, client, undefined)).model;
      held.delete(tenantId);
      held.set(tenantId, current);
      if (now() - current.checkedAt < checkEveryMs) return current.model;
      // An old model is better than none while the bucket does not answer.
      return refresh(tenantId, client, current).then(
        ({ model }) => model,
        () => current.model,
      );
    },
  };
}

async function getObject(
  client: S3Client,
  bucket: string,
  key: string,
  etag: string | undefined,
): Promise<{ readonly body: Uint8Array; readonly etag: string | undefined } | 'unchanged' | 'missing'> {
  try {
    const { Body, ETag } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag ? { IfNoneMatch: etag } : {}) }),
    );
    return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.$metadata.httpStatusCode === 304) return 'unchanged';
    // Without s3:ListBucket on the prefix, S3 answers a missing key with 403.
    if (error.$metadata.httpStatusCode === 404 || error.$metadata.httpStatusCode === 403) return 'missing';
    throw error;
  }
}
