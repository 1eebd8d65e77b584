import type { TenantBucket, TenantTable } from '@tenantry/core/isolation/profiles';

/** An item's key in a table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface IndexCase {
  /** The partition key's attribute. */
  readonly hash: string;
  /** Partitions in which rows of the tenant lie, or would if somebody put its id there. */
  readonly partitionsOf: (tenantId: string) => readonly string[];
}

export interface TableCase {
  readonly indexes: Readonly<Record<string, IndexCase>>;
  /** A row of a tenant in each of its partitions. */
  readonly rowsOf: (tenantId: string) => readonly Key[];
  /** Partitions that belong to no tenant, or to several. */
  readonly shared: readonly string[];
}

const AT = '2026-01-01T00:00:00.000Z';

/** The sort key of every row that an attempt writes. */
export const attemptSk = `${AT}#evt_attempt`;

/** What an item needs, besides its key, to be a row of the tables whose streams are read. */
export const eventFields = { itemId: 'item-1', type: 'view' } as const;

/** What lies where, for every pooled table. A table or an index that is not here fails the suite by its name. */
export const tableCases = {
  Control: {
    indexes: { gsi1: { hash: 'gsi1pk', partitionsOf: (tenant) => ['STATUS#active', `TENANT#${tenant}`] } },
    rowsOf: (tenant) => [
      { pk: `TENANT#${tenant}`, sk: 'STEP#planted' },
      { pk: `TENANT#${tenant}#KEYS`, sk: 'APIKEY#planted' },
      { pk: `TENANT#${tenant}#USERS`, sk: 'INVITATION#planted' },
      { pk: `TENANT#${tenant}#PROBE`, sk: 'KEY' },
      { pk: `TENANT#${tenant}#RATE`, sk: 'REQUESTS' },
      { pk: `TENANT#${tenant}#ANSWERS`, sk: 'usr_planted#createApiKey#planted' },
      { pk: `TENANT#${tenant}#SSO`, sk: 'PROVIDER#planted' },
      { pk: `TENANT#${tenant}#HEALTH`, sk: 'NEWEST' },
      { pk: `TENANT#${tenant}#MAIL`, sk: 'MAIL#planted' },
      { pk: `TENANT#${tenant}#BILLING`, sk: 'CHECKOUT#planted' },
      { pk: `TENANT#${tenant}#MODELS`, sk: 'MODEL#planted' },
      { pk: `TENANT#${tenant}#EXPORTS`, sk: 'EXPORT#planted' },
      { pk: `TENANT#${tenant}#ERASURES`, sk: 'DONE#planted' },
      { pk: `TENANT#${tenant}#WEBHOOKS`, sk: 'whk_planted' },
      { pk: `TENANT#${tenant}#DELIVERIES`, sk: 'whk_planted#msg_planted' },
    ],
    shared: [
      'USER#planted',
      'USER#planted#MAIL',
      'ANNOUNCEMENTS',
      'SLUG#planted',
      'DOMAIN#planted',
      'RECEIPT#stripe#planted',
    ],
  },
  Events: { indexes: {}, rowsOf: (tenant) => [{ pk: `${tenant}#shopper-1`, sk: `${AT}#evt_planted` }], shared: [] },
  Recommendations: {
    indexes: {},
    rowsOf: (tenant) => [{ pk: `${tenant}#shopper-1`, sk: `${AT}#rec_planted` }],
    shared: [],
  },
  Shoppers: { indexes: {}, rowsOf: (tenant) => [{ pk: `${tenant}#07`, sk: 'shopper-1' }], shared: [] },
  Catalogue: {
    indexes: {},
    rowsOf: (tenant) => [
      // In another partition than an item of this name would lie in, so that recommenders are told nothing of it.
      { pk: `${tenant}#ITEMS#08`, sk: 'planted' },
      { pk: `${tenant}#RULES`, sk: 'planted' },
    ],
    shared: [],
  },
  Attribution: {
    indexes: {},
    rowsOf: (tenant) => [
      { pk: `${tenant}#S#shopper-1`, sk: 'SHOWN#planted' },
      { pk: `${tenant}#DAYS#0`, sk: '2026-01-01#planted' },
    ],
    shared: [],
  },
  Usage: {
    indexes: { gsi1: { hash: 'gsi1pk', partitionsOf: (tenant) => ['DUE', 'REPORT', `TENANT#${tenant}`] } },
    rowsOf: (tenant) => [
      { pk: `TENANT#${tenant}`, sk: 'MINUTE#planted' },
      { pk: `TENANT#${tenant}#RECENT`, sk: 'planted' },
    ],
    shared: [],
  },
  Audit: {
    indexes: {},
    rowsOf: (tenant) => [
      { pk: `TENANT#${tenant}#CHAIN`, sk: 'LINK#planted' },
      { pk: `TENANT#${tenant}#FOUND`, sk: 'ACTOR#planted' },
      { pk: `TENANT#${tenant}`, sk: 'aud_planted' },
    ],
    shared: [],
  },
} as const satisfies Record<TenantTable, TableCase>;

/** A row of a tenant in the table of its own silo. An event of its own, since the archive counts each once. */
export const siloKey = (tenant: string): Key => ({ pk: `${tenant}#shopper-1`, sk: `${AT}#evt_planted-in-silo` });

export interface BucketCase {
  readonly keysOf: (tenantId: string) => readonly string[];
}

/** An object of a tenant in every bucket of tenants. */
export const bucketCases = {
  Models: {
    keysOf: (tenant) =>
      ['catalogue', 'serving', 'training', 'mdl_planted'].map((folder) => `models/${tenant}/${folder}/planted.json`),
  },
  Archive: { keysOf: (tenant) => [`archive/${tenant}/dt=2026-01-01/planted.ndjson`] },
  Exports: { keysOf: (tenant) => [`exports/${tenant}/planted/manifest.json`] },
} as const satisfies Record<TenantBucket, BucketCase>;

/** Buckets and queues that are for no tenant: every attempt on them is denied. By the names of their resources. */
export const systemBuckets = { SiteAssetsBucket: 'the public web site' } as const;
export const systemQueues = {
  BillingEventsQueue: 'types and ids of Stripe’s events',
  BillingEventsDeadLettersQueue: 'those of them that could not be worked off',
  EventArchiveDeadLettersQueue: 'positions in streams',
  RecommendationMeterDeadLettersQueue: 'positions in streams',
  CatalogueSnapshotDeadLettersQueue: 'positions in streams',
  WebhookEventsDeadLettersQueue: 'positions in streams',
  AuditChainDeadLettersQueue: 'positions in streams',
  WebhookDeliveriesQueue: 'ids of deliveries that are due',
  WebhookDeliveriesDeadLettersQueue: 'those of them that could not be looked at',
} as const;
