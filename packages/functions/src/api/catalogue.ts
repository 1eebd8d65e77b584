import { HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { appendAudit } from '@tenantry/core/audit/audit';
import { catalogueItemsMax, checkItems } from '@tenantry/core/catalogue/item';
import { searchItems } from '@tenantry/core/catalogue/search';
import { snapshotKey } from '@tenantry/core/catalogue/snapshot';
import {
  deleteItems,
  findItems,
  itemPlaceSchema,
  knownAmong,
  listItems,
  putItems,
} from '@tenantry/core/catalogue/store';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { TenantId } from '@tenantry/core/ids/id';
import { findRules, replaceRules } from '@tenantry/core/rules/store';
import { createApi } from '../middleware/api.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

type Stores = Scoped<'api/catalogue'>;

/**
 * Refuses new items beyond the bound; what is there already may always be changed. Recommenders tell how many there are, to whom those of the last
 * seconds are not known yet.
 * @throws {DomainError} `limit_reached`
 */
async function assertRoom(tenantId: TenantId, stores: Stores, itemIds: readonly string[]): Promise<void> {
  const used = await itemsKnown(tenantId, stores);
  if (used + itemIds.length <= catalogueItemsMax) return;
  const known = await knownAmong(stores['tenant-catalogue'].Catalogue, tenantId, itemIds);
  if (used + itemIds.length - known.size <= catalogueItemsMax) return;
  throw new DomainError('limit_reached', `A catalogue has at most ${catalogueItemsMax} items, and ${used} are in it.`, {
    limit: { name: 'catalogueItems', used, allowed: catalogueItemsMax },
  });
}

async function itemsKnown(tenantId: TenantId, { 'tenant-catalogue': { Models } }: Stores): Promise<number> {
  try {
    const { Metadata } = await Models.client.send(
      new HeadObjectCommand({ Bucket: Models.bucket, Key: snapshotKey(tenantId) }),
    );
    return Number(Metadata?.items ?? 0);
  } catch (error) {
    // Without s3:ListBucket on the prefix, S3 answers a missing key with 403.
    if (error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0)) return 0;
    throw error;
  }
}

async function page(
  tenantId: TenantId,
  { 'tenant-catalogue': { Catalogue } }: Stores,
  query: { readonly limit: number; readonly cursor?: string | undefined; readonly search?: string | undefined },
) {
  const { limit, cursor, search } = query;
  const from = cursor === undefined ? undefined : decodeCursor(cursor, itemPlaceSchema);
  const { items, next } = search
    ? await searchItems(Catalogue, tenantId, { text: search, from, limit })
    : await listItems(Catalogue, tenantId, { from, limit });
  return { items: [...items], cursor: next ? encodeCursor(next) : null };
}

async function put(tenantId: TenantId, stores: Stores, inputs: readonly unknown[]) {
  const { items, verdicts } = checkItems(inputs);
  await assertRoom(
    tenantId,
    stores,
    items.map(({ id }) => id),
  );
  await putItems(stores['tenant-catalogue'].Catalogue, tenantId, items);
  const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length;
  return { accepted, rejected: verdicts.length - accepted, verdicts: [...verdicts] };
}

export const handler = createApi('catalogue', createScope('api/catalogue', { s3: scopedS3 }), {
  putItems: ({ actor: { tenantId }, scoped, body }) => put(tenantId, scoped, body.items),
  deleteItems: async ({ actor: { tenantId }, scoped, body: { itemIds } }) => {
    await deleteItems(scoped['tenant-catalogue'].Catalogue, tenantId, itemIds);
    return { itemIds };
  },
  listItems: ({ actor: { tenantId }, scoped, query }) => page(tenantId, scoped, query),
  browseItems: ({ tenant: { tenantId }, scoped, query }) => page(tenantId, scoped, query),
  lookUpItems: async ({ tenant: { tenantId }, scoped, body: { itemIds } }) => ({
    items: [...(await findItems(scoped['tenant-catalogue'].Catalogue, tenantId, itemIds))],
  }),
  editItems: async ({ actor, scoped, body, now }) => {
    const { tenantId } = actor;
    const result = await put(tenantId, scoped, body.items);
    if (result.accepted > 0) {
      const details = { items: result.accepted };
      await appendAudit(scoped['tenant-rules'].Audit, { tenantId, actor, action: 'items.put', details, at: now });
    }
    return result;
  },
  removeItems: async ({ actor, scoped, body: { itemIds }, now }) => {
    const { tenantId } = actor;
    await deleteItems(scoped['tenant-catalogue'].Catalogue, tenantId, itemIds);
    const details = { items: itemIds.length };
    await appendAudit(scoped['tenant-rules'].Audit, { tenantId, actor, action: 'items.deleted', details, at: now });
    return { itemIds };
  },
  getRules: async ({ tenant: { tenantId }, scoped }) => {
    const { version, rules } = await findRules(scoped['tenant-rules'].Catalogue, tenantId);
    return { version, rules: [...rules] };
  },
  putRules: async ({ actor, scoped, body, now }) => {
    const { Catalogue, Audit } = scoped['tenant-rules'];
    const { version, rules } = await replaceRules({ catalogue: Catalogue, auditTable: Audit.name }, body, {
      actor,
      at: now,
    });
    return { version, rules: [...rules] };
  },
});
