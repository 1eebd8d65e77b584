import type { S3Client } from '@aws-sdk/client-s3';
import { decodeSnapshot, emptySnapshot, type Snapshot, snapshotKey } from '@tenantry/core/catalogue/snapshot';
import type { TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { heldPerTenant } from './held-per-tenant.ts';

/** What an item takes in memory, as a multiple of what it takes in the file. */
const MEMORY_PER_BYTE = 4;

export interface CatalogueSource {
  /** The tenant's catalogue and rules, at most `checkEveryMs` older than what was published. */
  catalogueOf(tenantId: TenantId, client: S3Client): Promise<Snapshot>;
}

/** Holds tenants' catalogues in memory within a bound. */
export function createCatalogueSource(options: {
  readonly bucket: string;
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  readonly now?: () => number;
  readonly onError?: (error: unknown, tenantId: TenantId) => void;
}): CatalogueSource {
  const { bucket, ...bounds } = options;
  return {
    catalogueOf: heldPerTenant<Snapshot, S3Client>({
      ...bounds,
      async load(tenantId, client, current) {
        const stored = await readObject(client, bucket, snapshotKey(tenantId), current?.etag);
        if (stored === 'unchanged' && current) return current;
        if (typeof stored === 'string') return { value: emptySnapshot, etag: undefined, bytes: 0 };
        const value = decodeSnapshot(new TextDecoder().decode(stored.body));
        return { value, etag: stored.etag, bytes: stored.body.byteLength * MEMORY_PER_BYTE };
      },
    }),
  };
}
