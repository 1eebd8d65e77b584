import { exportDays } from '@tenantry/core/export/retention';
import type { TenantBucket, TenantTable } from '@tenantry/core/isolation/profiles';
import { accountId, resourceName } from './naming.ts';
import type { StageSettings } from './stage.ts';

const keys = { fields: { pk: 'string', sk: 'string' }, primaryIndex: { hashKey: 'pk', rangeKey: 'sk' } } as const;

function createTable(name: string, stage: StageSettings, args: Partial<sst.aws.DynamoArgs> = {}): sst.aws.Dynamo {
  return new sst.aws.Dynamo(name, {
    ...keys,
    ...args,
    deletionProtection: stage.deletionProtection,
    transform: {
      table(table) {
        table.pointInTimeRecovery = { enabled: stage.pointInTimeRecovery };
        table.serverSideEncryption = { enabled: true };
      },
    },
  });
}

interface BucketOptions {
  readonly rules: aws.types.input.s3.BucketLifecycleConfigurationRule[];
}

function createBucket(name: string, stage: StageSettings, { rules }: BucketOptions): sst.aws.Bucket {
  const bucket = new sst.aws.Bucket(name, {
    cors: false,
    // Any rule makes the component create a configuration, whose rules are then these.
    lifecycle: [{ expiresIn: '1 day' }],
    transform: {
      bucket: { forceDestroy: stage.removal === 'remove' },
      lifecycle: { rules },
    },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  return bucket;
}

const unfinishedUploads = {
  id: 'unfinished-uploads',
  status: 'Enabled',
  filter: { prefix: '' },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
};

export type Storage = ReturnType<typeof createStorage>;

/** Tables and buckets. What belongs to a tenant starts with its id, so that a condition on keys covers it. */
export function createStorage(stage: StageSettings) {
  return {
    control: createTable('Control', stage, {
      fields: { ...keys.fields, gsi1pk: 'string', gsi1sk: 'string' },
      globalIndexes: { gsi1: { hashKey: 'gsi1pk', rangeKey: 'gsi1sk' } },
      ttl: 'expiresAt',
    }),
    events: createTable('Events', stage, { ttl: 'expiresAt', stream: 'new-image' }),
    recommendations: createTable('Recommendations', stage, { ttl: 'expiresAt', stream: 'keys-only' }),
    shoppers: createTable('Shoppers', stage, { ttl: 'expiresAt' }),
    catalogue: createTable('Catalogue', stage, { stream: 'keys-only' }),
    attribution: createTable('Attribution', stage, { ttl: 'expiresAt' }),
    usage: createTable('Usage', stage, {
      fields: { ...keys.fields, gsi1pk: 'string', gsi1sk: 'string' },
      // What is to be counted and reported, whoever it belongs to: nothing but keys.
      globalIndexes: { gsi1: { hashKey: 'gsi1pk', rangeKey: 'gsi1sk', projection: 'keys-only' } },
      ttl: 'expiresAt',
    }),
    audit: createTable('Audit', stage, { stream: 'new-image' }),
    // A model's version is part of its key, so the bucket keeps no versions of its own.
    models: createBucket('Models', stage, { rules: [unfinishedUploads] }),
    archive: createBucket('Archive', stage, {
      rules: [
        unfinishedUploads,
        {
          id: 'old-events',
          status: 'Enabled',
          filter: { prefix: 'archive/' },
          expiration: { days: stage.archiveDays },
        },
      ],
    }),
    exports: createBucket('Exports', stage, {
      rules: [
        unfinishedUploads,
        { id: 'old-exports', status: 'Enabled', filter: { prefix: 'exports/' }, expiration: { days: exportDays } },
      ],
    }),
    silo: siloTables(),
  };
}

/** The tables by the names that grants use. */
export const tablesOf = ({
  control,
  events,
  recommendations,
  shoppers,
  catalogue,
  attribution,
  usage,
  audit,
}: Storage) =>
  ({
    Control: control,
    Events: events,
    Recommendations: recommendations,
    Shoppers: shoppers,
    Catalogue: catalogue,
    Attribution: attribution,
    Usage: usage,
    Audit: audit,
  }) satisfies Record<TenantTable, sst.aws.Dynamo>;

/** The buckets by the names that grants use. */
export const bucketsOf = ({ models, archive, exports }: Storage) =>
  ({ Models: models, Archive: archive, Exports: exports }) satisfies Record<TenantBucket, sst.aws.Bucket>;

/** Tables of single tenants, which their onboarding creates: `<prefix><tenantId>-events`. */
function siloTables() {
  const prefix = resourceName('silo-');
  const table = (name: string) =>
    $interpolate`arn:aws:dynamodb:${aws.getRegionOutput().region}:${accountId()}:table/${prefix}${name}`;
  return {
    prefix,
    tables: table('*'),
    eventsOf: (tenant: string) => table(`${tenant}-events`),
    streams: table('*-events/stream/*'),
  };
}
