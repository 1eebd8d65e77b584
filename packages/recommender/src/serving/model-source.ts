import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Experiment } from '@tenantry/core/experiment/experiment';
import type { TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { modelKey, type Serving, servingKey, servingSchema } from '@tenantry/core/training/model-registry';
import { emptyModel, type Model } from '../model/model.ts';
import { loadModel } from '../model/session-model.ts';
import { heldPerTenant } from './held-per-tenant.ts';

export interface ModelSource {
  /** The tenant's serving model, at most `checkEveryMs` older than what was promoted. */
  modelOf(tenantId: TenantId, client: S3Client): Promise<Model>;
}

interface Options {
  readonly bucket: string;
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  readonly now?: () => number;
  readonly onError?: (error: unknown, tenantId: TenantId) => void;
}

/** @throws {Error} when the file is not there, or another than is meant */
async function loadFile(
  client: S3Client,
  bucket: string,
  { key, version, sha256 }: Pick<Serving, 'key' | 'version' | 'sha256'>,
): Promise<{ readonly value: Model; readonly bytes: number }> {
  const blob = await readObject(client, bucket, key);
  if (typeof blob === 'string') throw new Error(`The model ${version} is promoted but not in the bucket.`);
  if (createHash('sha256').update(blob.body).digest('hex') !== sha256) {
    throw new Error(`The file of the model ${version} is not the one that was promoted.`);
  }
  return { value: loadModel(blob.body), bytes: blob.body.byteLength };
}

/**
 * Holds tenants' models in memory within a bound. Whether a newer one was promoted is asked with the ETag of one small object, side by side
 * with the history query, so a warm answer waits for nothing more. A file that is not the one that was promoted does not
 * serve: the model before it goes on.
 */
export function createModelSource(options: Options): ModelSource {
  const { bucket, ...bounds } = options;
  return {
    modelOf: heldPerTenant<Model, S3Client>({
      ...bounds,
      async load(tenantId, client, current) {
        const pointer = await readObject(client, bucket, servingKey(tenantId), current?.etag);
        if (pointer === 'unchanged' && current) return current;
        if (typeof pointer === 'string') return { value: emptyModel, etag: undefined, bytes: 0 };
        const serving = servingSchema.parse(JSON.parse(new TextDecoder().decode(pointer.body)));
        if (current?.value.version === serving.version) return { ...current, etag: pointer.etag };
        return { ...(await loadFile(client, bucket, serving)), etag: pointer.etag };
      },
    }),
  };
}

export interface CandidateSource {
  /** The model that the tenant's experiment compares with the one that serves; nothing where it cannot be loaded. */
  candidateOf(tenantId: TenantId, client: S3Client, candidate: Experiment['candidate']): Promise<Model | undefined>;
}

/** Holds the second model of tenants whose experiments compare two, within a bound of its own, so that it puts none that serves out of memory. */
export function createCandidateSource(options: Options): CandidateSource {
  const { bucket, onError, ...bounds } = options;
  const hold = heldPerTenant<Model, { client: S3Client; candidate: NonNullable<Experiment['candidate']> }>({
    ...bounds,
    onError,
    async load(tenantId, { client, candidate }, current) {
      if (current?.value.version === candidate.version) return current;
      const { version, sha256 } = candidate;
      return {
        ...(await loadFile(client, bucket, { version, sha256, key: modelKey(tenantId, version) })),
        etag: undefined,
      };
    },
  });
  return {
    async candidateOf(tenantId, client, candidate) {
      if (!candidate) return undefined;
      try {
        return await hold(tenantId, { client, candidate });
      } catch (error) {
        onError?.(error, tenantId);
        return undefined;
      }
    },
  };
}
