import type { TenantBucket, TenantTable } from '@tenantry/core/isolation/profiles';

/** An item's key in a pooled table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface TableCase {
  readonly indexes: readonly string[];
  /** A row of a tenant in each of its partitions. */
  readonly rowsOf: (tenantId: string) => readonly Key[];
}

/** What lies where, for every pooled table. A table or an index that is not here fails the suite by its name. */
export const tableCases = {
  Control: {
    indexes: ['gsi1'],
    rowsOf: (tenant) => [
      { pk: `TENANT#${tenant}`, sk: 'META' },
      { pk: `TENANT#${tenant}#KEYS`, sk: 'APIKEY#planted' },
      { pk: `TENANT#${tenant}#BILLING`, sk: 'CHECKOUT' },
      { pk: `TENANT#${tenant}#MODELS`, sk: 'MODEL#planted' },
    ],
  },
  Events: {
    indexes: [],
    rowsOf: (tenant) => [{ pk: `${tenant}#shopper-1`, sk: '2026-01-01T00:00:00.000Z#evt_planted' }],
  },
  Recommendations: {
    indexes: [],
    rowsOf: (tenant) => [{ pk: `${tenant}#shopper-1`, sk: '2026-01-01T00:00:00.000Z#rec_planted' }],
  },
  Usage: { indexes: [], rowsOf: (tenant) => [{ pk: `TENANT#${tenant}`, sk: 'MINUTE#planted' }] },
  Audit: { indexes: [], rowsOf: (tenant) => [{ pk: `TENANT#${tenant}`, sk: 'aud_planted' }] },
} as const satisfies Record<TenantTable, TableCase>;

/** An object of a tenant in every bucket of tenants. */
export const bucketCases = {
  Models: { keyOf: (tenant: string) => `models/${tenant}/planted/model.bin` },
  Archive: { keyOf: (tenant: string) => `archive/${tenant}/dt=2026-01-01/planted.ndjson` },
} as const satisfies Record<TenantBucket, object>;

/** Stores that hold nothing of tenants, with the reason why no attempt on them is of interest. */
export const otherStores: Readonly<Record<string, string>> = {
  SiteAssetsBucket: 'the public web site',
  BillingEventsQueue: 'types and ids of Stripe’s events; no profile has a grant on any queue',
  BillingEventsDeadLettersQueue: 'the same',
  EventArchiveDeadLettersQueue: 'positions in streams; no profile has a grant on any queue',
};
