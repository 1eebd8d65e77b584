import { unmarshall } from '@aws-sdk/util-dynamodb';
import { publishCatalogue } from '@tenantry/core/catalogue/publish';
import type { CatalogueKey } from '@tenantry/core/catalogue/store';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';

const scopeOf = createScope('consumers/catalogue-snapshot', { s3: scopedS3 });

/** Brings changes of catalogues and rules to the recommenders, each company's at once. */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  const byTenant = new Map<TenantId, Map<string, CatalogueKey>>();
  for (const record of event.Records) {
    if (!record.dynamodb?.Keys) continue;
    const { pk, sk } = unmarshall(record.dynamodb.Keys as Parameters<typeof unmarshall>[0]);
    const [tenantId] = String(pk).split('#');
    if (!isTenantId(tenantId)) throw new Error('A row of the catalogue belongs to no tenant.');
    const changed = byTenant.get(tenantId) ?? new Map<string, CatalogueKey>();
    changed.set(`${pk} ${sk}`, { pk: String(pk), sk: String(sk) });
    byTenant.set(tenantId, changed);
  }
  await Promise.all(
    [...byTenant].map(async ([tenantId, changed]) => {
      const { Catalogue, Models } = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-catalogue-snapshot'];
      await publishCatalogue({ catalogue: Catalogue, models: Models }, tenantId, [...changed.values()]);
      log.info('catalogue published', { tenantId, changed: changed.size });
    }),
  );
}
