import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { usageIndex } from './keys.ts';
import { meterNameSchema } from './meter-name.ts';
import type { MeteredHour } from './roll-up.ts';

/** The index shows what is to be done a moment after it was written; the next look finds it. */
async function* keysIn(usage: Table, partition: string): AsyncGenerator<{ tenantId: TenantId; sk: string }> {
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        IndexName: usageIndex.name,
        KeyConditionExpression: 'gsi1pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const { pk, sk } of Items) {
      const tenantId = String(pk).slice('TENANT#'.length);
      if (!isTenantId(tenantId)) throw new Error('A row of the usage table belongs to no tenant.');
      yield { tenantId, sk: String(sk) };
    }
    from = LastEvaluatedKey;
  } while (from);
}

/** Hours of whomever that are to be counted, oldest first. */
export async function* dueHours(usage: Table): AsyncGenerator<MeteredHour> {
  for await (const { tenantId, sk } of keysIn(usage, usageIndex.due)) {
    const [, meter, hour = ''] = sk.split('#');
    yield { tenantId, meter: meterNameSchema.parse(meter), hour };
  }
}

/** Reports of whomever that wait, oldest first. */
export const waitingReports = (usage: Table): AsyncGenerator<{ tenantId: TenantId; sk: string }> =>
  keysIn(usage, usageIndex.report);
