import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type Day, dayPattern, type Hour, hourPattern } from './hours.ts';
import { usageKeys } from './keys.ts';
import type { MeterName } from './meter-name.ts';

const rowSchema = z.object({ sk: z.string(), steps: z.int().nonnegative() });

/** Steps of a meter by the hour, from `first` to `last`; hours without use are left out. */
export const readHours = (
  usage: Table,
  tenantId: TenantId,
  meter: MeterName,
  range: { readonly first: Hour; readonly last: Hour },
): Promise<ReadonlyMap<Hour, number>> =>
  readRange(usage, hourPattern, (hour) => usageKeys.hour(tenantId, meter, hour), range);

/** Steps of a meter by the day, from `first` to `last`; days without use are left out. */
export const readDays = (
  usage: Table,
  tenantId: TenantId,
  meter: MeterName,
  range: { readonly first: Day; readonly last: Day },
): Promise<ReadonlyMap<Day, number>> =>
  readRange(usage, dayPattern, (day) => usageKeys.day(tenantId, meter, day), range);

async function readRange(
  usage: Table,
  pattern: RegExp,
  keyOf: (place: string) => { readonly pk: string; readonly sk: string },
  { first, last }: { readonly first: string; readonly last: string },
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  if (first > last) return found;
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': keyOf(first).pk, ':first': keyOf(first).sk, ':last': keyOf(last).sk },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const { sk, steps } of z.array(rowSchema).parse(Items)) {
      const place = sk.slice(sk.lastIndexOf('#') + 1);
      if (pattern.test(place)) found.set(place, steps);
    }
    from = LastEvaluatedKey;
  } while (from);
  return found;
}
