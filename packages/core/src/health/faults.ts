import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type Hour, hourOf } from '../usage/hours.ts';

/** Longer than anybody looks back. */
const KEPT_SECONDS = 3 * 86_400;

const key = (tenantId: TenantId, hour: Hour) => ({ pk: `TENANT#${tenantId}`, sk: `FAULTS#${hour}` });

/** Counts a request of a company's shop that could not be answered as it should have been, by our own fault. What goes well writes nothing. */
export async function recordFault(usage: Table, tenantId: TenantId, at: Date): Promise<void> {
  await usage.client.send(
    new UpdateCommand({
      TableName: usage.name,
      Key: key(tenantId, hourOf(at)),
      UpdateExpression: 'SET expiresAt = :expiresAt ADD faults :one',
      ExpressionAttributeValues: { ':one': 1, ':expiresAt': Math.floor(at.getTime() / 1000) + KEPT_SECONDS },
    }),
  );
}

const rowSchema = z.object({ faults: z.int() });

/** Faults from the hour `first` to the hour `last`. */
export async function countFaults(
  usage: Table,
  tenantId: TenantId,
  { first, last }: { readonly first: Hour; readonly last: Hour },
): Promise<number> {
  const { Items = [] } = await usage.client.send(
    new QueryCommand({
      TableName: usage.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': key(tenantId, first).pk,
        ':first': key(tenantId, first).sk,
        ':last': key(tenantId, last).sk,
      },
    }),
  );
  return z
    .array(rowSchema)
    .parse(Items)
    .reduce((sum, { faults }) => sum + faults, 0);
}
