import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectsCommand,
  type DeleteObjectsCommandInput,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { counterPartitions, shopperPartition } from '../attribution/counters.ts';
import { itemPartitions } from '../catalogue/store.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { batchWrite } from '../dynamodb/batch-write.ts';
import { recentPartition } from '../events/recent.ts';
import { exportPrefix } from '../export/objects.ts';
import type { TenantId } from '../ids/id.ts';
import { rulesKey } from '../rules/store.ts';
import { firstShoppers, listShoppers, shopperKey, shopperPlaceSchema } from '../shoppers/registry.ts';
import { type DataCounts, type DataKind, noData } from './data-counts.ts';

/** A bucket with the client, and so the credentials, to reach it with. */
interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** Everything in which a tenant has rows or objects, reached with its own credentials. */
export interface TenantStores {
  readonly Control: Table;
  readonly Events: Table;
  readonly Recommendations: Table;
  readonly Shoppers: Table;
  readonly Catalogue: Table;
  readonly Attribution: Table;
  readonly Usage: Table;
  readonly Audit: Table;
  /** The tenant's own events table, which need not exist: it is deleted as a whole, before the rest is erased. */
  readonly SiloEvents: Table;
  readonly Models: Bucket;
  readonly Archive: Bucket;
  readonly Exports: Bucket;
}

/** Rows that stay until the very end, since a deletion that came to a halt goes on from them. */
const lasting = (tenantId: TenantId): readonly string[] => [
  controlKeys.tenant(tenantId).sk,
  controlKeys.certificate(tenantId).sk,
];

const SHOPPERS_AT_ONCE = 16;
const SHOPPERS_A_PAGE = 64;
const PAGES_AT_ONCE = 16;

type Keys = readonly { readonly pk: string; readonly sk: string }[];

interface Page {
  readonly kind: DataKind;
  readonly size: number;
  /** Erases what is on the page. Repeating it is safe. */
  erase(): Promise<void>;
}

/**
 * A part of a tenant's data that is worked through page by page: gives the pages from a place on, and each time the place to go on from.
 * Nothing is held in memory beyond a page.
 */
interface Section {
  pages(
    after: string | undefined,
  ): AsyncGenerator<{ readonly pages: readonly Page[]; readonly next: string | undefined }>;
}

const nothing: readonly Page[] = [];

/** All keys of a partition, a page at a time. */
async function* keysOf(table: Table, pk: string, after?: string) {
  let from = after;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: { pk, sk: from } }),
      }),
    );
    from = LastEvaluatedKey ? String(LastEvaluatedKey.sk) : undefined;
    yield { keys: Items.map((item) => ({ pk: String(item.pk), sk: String(item.sk) })) as Keys, next: from };
  } while (from !== undefined);
}

const rows = (kind: DataKind, table: Table, keys: Keys): Page => ({
  kind,
  size: keys.length,
  erase: () => batchWrite([{ table, deletes: keys }]),
});

/** Rows of the tables that have a partition per shopper. A shopper's entry goes last, so that a slice that stopped half-way finds it again. */
function shopperSection(stores: TenantStores, tenantId: TenantId): Section {
  const byShopper = (shopperId: string): string => `${tenantId}#${shopperId}`;
  const perShopper: readonly (readonly [DataKind, Table, (shopperId: string) => string])[] = [
    ['events', stores.Events, byShopper],
    ['events', stores.SiloEvents, byShopper],
    ['recommendations', stores.Recommendations, byShopper],
    ['attributionRows', stores.Attribution, (shopperId) => shopperPartition(tenantId, shopperId)],
  ];

  async function pagesOfShopper(shopperId: string): Promise<readonly Page[]> {
    const found: Page[] = [];
    for (const [kind, table, partitionOf] of perShopper) {
      try {
        for await (const { keys } of keysOf(table, partitionOf(shopperId))) {
          if (keys.length > 0) found.push(rows(kind, table, keys));
        }
      } catch (error) {
        // A tenant of the pool has no table of its own, and that of a silo goes before the rest.
        if (!(error instanceof ResourceNotFoundException && table === stores.SiloEvents)) throw error;
      }
    }
    return found;
  }

  return {
    async *pages(after) {
      let place: z.infer<typeof shopperPlaceSchema> | undefined =
        after === undefined ? firstShoppers : shopperPlaceSchema.parse(JSON.parse(after));
      while (place) {
        const { shoppers, next } = await listShoppers(stores.Shoppers, tenantId, place, SHOPPERS_A_PAGE);
        const pages: Page[] = [];
        for (let start = 0; start < shoppers.length; start += SHOPPERS_AT_ONCE) {
          const some = shoppers.slice(start, start + SHOPPERS_AT_ONCE);
          pages.push(...(await Promise.all(some.map(pagesOfShopper))).flat());
        }
        if (shoppers.length > 0) {
          pages.push(
            rows(
              'shoppers',
              stores.Shoppers,
              shoppers.map((shopperId) => shopperKey(tenantId, shopperId)),
            ),
          );
        }
        place = next;
        yield { pages, next: place && JSON.stringify(place) };
      }
    },
  };
}

function partitionSection(
  kind: DataKind,
  pk: string,
  table: Table,
  page: (keys: Keys) => Page = (keys) => rows(kind, table, keys),
): Section {
  return {
    async *pages(after) {
      for await (const { keys, next } of keysOf(table, pk, after)) {
        yield { pages: keys.length > 0 ? [page(keys)] : nothing, next };
      }
    },
  };
}

/** Rows of the registry go one by one, by a permission that can only delete. */
const registrySection = (stores: TenantStores, tenantId: TenantId, below = ''): Section =>
  partitionSection('registryRows', `TENANT#${tenantId}${below}`, stores.Control, (all) => {
    const kept = below ? [] : lasting(tenantId);
    const keys = all.filter(({ sk }) => !kept.includes(sk));
    return {
      kind: 'registryRows',
      size: keys.length,
      async erase() {
        for (const Key of keys) {
          await stores.Control.client.send(new DeleteCommand({ TableName: stores.Control.name, Key }));
        }
      },
    };
  });

function objectSection(kind: DataKind, { client, bucket }: Bucket, prefix: string): Section {
  return {
    async *pages(after) {
      let from = after;
      do {
        const { Contents = [], IsTruncated } = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(from ? { StartAfter: from } : {}) }),
        );
        const Objects = Contents.flatMap(({ Key }) => (Key ? [{ Key }] : []));
        from = IsTruncated ? Objects.at(-1)?.Key : undefined;
        const erase = () => deleteObjects(client, { Bucket: bucket, Delete: { Objects, Quiet: true } });
        yield { pages: Objects.length > 0 ? [{ kind, size: Objects.length, erase }] : nothing, next: from };
      } while (from !== undefined);
    },
  };
}

async function deleteObjects(client: S3Client, input: DeleteObjectsCommandInput): Promise<void> {
  const { Errors = [] } = await client.send(new DeleteObjectsCommand(input));
  const [first] = Errors;
  if (first) throw new Error(`${Errors.length} objects could not be deleted: ${first.Code} for ${first.Key}`);
}

/** What the state machine keeps between two slices of the work. */
export const dataPlaceSchema = z.object({ section: z.int().nonnegative(), after: z.string().optional() });
export type DataPlace = z.infer<typeof dataPlaceSchema>;
export const firstPlace: DataPlace = { section: 0 };

/**
 * Works through all that a tenant has, from a place on and until the time is up: counts it and, where asked to, erases it.
 * The audit log comes last.
 * @returns the counts of this slice, and where to go on; undefined at the end
 */
export async function workThrough(
  stores: TenantStores,
  tenantId: TenantId,
  options: {
    readonly from: DataPlace;
    readonly erase: boolean;
    readonly timeIsUp: () => boolean;
    /** Set for a tenant whose deletion is complete: what its audit log says of that stays. */
    readonly keepAudit?: boolean;
  },
): Promise<{ readonly counts: DataCounts; readonly next: DataPlace | undefined }> {
  const sections: readonly Section[] = [
    shopperSection(stores, tenantId),
    // Before the models, among which lies what recommenders know of the catalogue.
    ...[...itemPartitions(tenantId), rulesKey(tenantId).pk].map((pk) =>
      partitionSection('catalogueRows', pk, stores.Catalogue),
    ),
    ...counterPartitions(tenantId).map((pk) => partitionSection('attributionRows', pk, stores.Attribution)),
    objectSection('archiveFiles', stores.Archive, `archive/${tenantId}/`),
    objectSection('modelFiles', stores.Models, `models/${tenantId}/`),
    objectSection('exportFiles', stores.Exports, exportPrefix(tenantId)),
    partitionSection('usageRows', `TENANT#${tenantId}`, stores.Usage),
    partitionSection('usageRows', recentPartition(tenantId), stores.Usage),
    ...[
      '',
      '#KEYS',
      '#BILLING',
      '#MAIL',
      '#MODELS',
      '#EXPORTS',
      '#ERASURES',
      '#PROBE',
      '#USERS',
      '#RATE',
      '#SSO',
      '#HEALTH',
      // Before the deliveries: for an endpoint that is gone none is made.
      '#WEBHOOKS',
      '#DELIVERIES',
      '#ANSWERS',
    ].map((below) => registrySection(stores, tenantId, below)),
    // The entries before their chain: none is sealed that is gone.
    ...(options.keepAudit ? [] : ['', '#CHAIN', '#FOUND']).map((below) =>
      partitionSection('auditEntries', `TENANT#${tenantId}${below}`, stores.Audit),
    ),
  ];
  const counts = { ...noData } as Record<DataKind, number>;
  let after = options.from.after;
  for (let section = options.from.section; section < sections.length; section += 1) {
    for await (const { pages, next } of sections[section]?.pages(after) ?? []) {
      if (options.erase) await erasePages(pages);
      for (const page of pages) counts[page.kind] += page.size;
      if (!options.timeIsUp()) continue;
      if (next !== undefined) return { counts, next: { section, after: next } };
      if (section + 1 < sections.length) return { counts, next: { section: section + 1 } };
    }
    after = undefined;
  }
  return { counts, next: undefined };
}

/** The entries of shoppers only once all of their rows are gone. */
async function erasePages(pages: readonly Page[]): Promise<void> {
  const first = pages.filter(({ kind }) => kind !== 'shoppers');
  for (let start = 0; start < first.length; start += PAGES_AT_ONCE) {
    await Promise.all(first.slice(start, start + PAGES_AT_ONCE).map((page) => page.erase()));
  }
  for (const page of pages) if (page.kind === 'shoppers') await page.erase();
}
