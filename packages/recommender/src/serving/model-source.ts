import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { servingKey, servingSchema } from '@tenantry/core/training/model-registry';
import { emptyModel, type Model } from '../model/model.ts';
import { loadModel } from '../model/session-model.ts';
import { heldPerTenant } from './held-per-tenant.ts';

export interface ModelSource {
  /** The tenant's serving model, at most `checkEveryMs` older than what was promoted. */
  modelOf(tenantId: TenantId, client: S3Client): Promise<Model>;
}

/**
 * Holds tenants' models in memory within a bound. Whether a newer one was promoted is asked with the ETag of one small object, side by side
 * with the history query, so a warm answer waits for nothing more. A file that is not the one that was promoted does not
 * serve: the model before it goes on.
 */
export function createModelSource(options: {
  readonly bucket: string;
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  readonly now?: () => number;
  readonly onError?: (error: unknown, tenantId: TenantId) => void;
}): ModelSource {
  const { bucket, ...bounds } = options;
  return {
    modelOf: heldPerTenant<Model, S3Client>({
      ...bounds,
      async load(tenantId, client, current) {
        const pointer = await readObject(client, bucket, servingKey(tenantId), current?.etag);
        if (pointer === 'unchanged' && current) return current;
        if (typeof pointer === 'string') return { value: emptyModel, etag: undefined, bytes: 0 };
        const { key, version, sha256 } = servingSchema.parse(JSON.parse(new TextDecoder().decode(pointer.body)));
        if (current?.value.version === version) return { ...current, etag: pointer.etag };
        const blob = await readObject(client, bucket, key);
        if (typeof blob === 'string') throw new Error(`The model ${version} is promoted but not in the bucket.`);
        if (createHash('sha256').update(blob.body).digest('hex') !== sha256) {
          throw new Error(`The file of the model ${version} is not the one that was promoted.`);
        }
        return { value: loadModel(blob.body), etag: pointer.etag, bytes: blob.body.byteLength };
      },
    }),
  };
}
