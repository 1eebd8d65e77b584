import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { usageIndex } from './keys.ts';
import { meterNameSchema } from './meter-name.ts';
import type { MeteredHour } from './roll-up.ts';

/** The index shows what is to be done a moment after it was written; the next look finds it. */
async function* keysIn(usage: Table, partition: string): AsyncGenerator<Due> {
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

/** What is to be done for a tenant. */
export interface Due {
  readonly tenantId: TenantId;
  /** Of the row that says so. */
  readonly sk: string;
}

/** Marks of hours that are to be counted, whoever they belong to, oldest first. */
export const dueHours = (usage: Table): AsyncGenerator<Due> => keysIn(usage, usageIndex.due);

/** The hour that a mark is about. @throws {z.ZodError} when its meter is not known any more */
export function hourOfMark({ tenantId, sk }: Due): MeteredHour {
  const [, meter, hour = ''] = sk.split('#');
  return { tenantId, meter: meterNameSchema.parse(meter), hour };
}

/** Reports that wait, whoever they belong to, oldest first. */
export const waitingReports = (usage: Table): AsyncGenerator<Due> => keysIn(usage, usageIndex.report);
