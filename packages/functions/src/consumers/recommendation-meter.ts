import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type ArrivedRow, mindErasures } from '@tenantry/core/erasure/late-events';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { probeShopper } from '@tenantry/core/provisioning/probe-shopper';
import { recordEvidence } from '@tenantry/core/usage/evidence';
import { idsByHour } from '@tenantry/core/usage/hours';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { createScope } from '../scoped/scope.ts';
import { arrivalOf } from './arrival.ts';

const scopeOf = createScope('consumers/recommendation-meter');

/** Meters the answers that are in the log of recommendations, from the pool and from silos alike. */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  const byTenant = new Map<TenantId, (ArrivedRow & { readonly id: string })[]>();
  for (const record of event.Records) {
    if (record.eventName !== 'INSERT' || !record.dynamodb?.Keys) continue;
    const { pk, sk } = unmarshall(record.dynamodb.Keys as Parameters<typeof unmarshall>[0]);
    const [tenantId, ...shopper] = String(pk).split('#');
    const id = String(sk).split('#').at(-1);
    if (!isTenantId(tenantId) || !id) throw new Error('A row of the log of recommendations belongs to no tenant.');
    // The onboarding's own question.
    const shopperId = shopper.join('#');
    if (shopperId === probeShopper) continue;
    const served = byTenant.get(tenantId) ?? [];
    served.push({ id, at: arrivalOf(record), shopperId, key: { pk: String(pk), sk: String(sk) } });
    byTenant.set(tenantId, served);
  }
  await Promise.all(
    [...byTenant].map(async ([tenantId, served]) => {
      const stores = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-lists'];
      const { Usage, Control, Recommendations, Shoppers } = stores;
      await mindErasures({ control: Control, rows: Recommendations, shoppers: Shoppers }, tenantId, served, new Date());
      for (const [hour, ids] of idsByHour(served)) {
        await recordEvidence(Usage, { tenantId, meter: 'recommendations_served', hour, ids }, new Date());
      }
      log.info('recommendations metered', { tenantId, recommendations: served.length });
    }),
  );
}
