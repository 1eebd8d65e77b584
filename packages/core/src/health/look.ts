import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findTraining } from '../training/training.ts';
import { hourOf } from '../usage/hours.ts';
import { readHours } from '../usage/read.ts';
import { countFaults } from './faults.ts';
import type { Health } from './health.ts';

const DAY_MS = 24 * 3_600_000;

/** The newest minute in which events of the company arrived; minutes are kept for two days. */
async function lastEvent(usage: Table, tenantId: TenantId): Promise<string | null> {
  const { Items = [] } = await usage.client.send(
    new QueryCommand({
      TableName: usage.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :minute)',
      ExpressionAttributeValues: { ':pk': `TENANT#${tenantId}`, ':minute': 'MINUTE#' },
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  const [newest] = z.array(z.object({ sk: z.string() })).parse(Items);
  return newest ? newest.sk.slice('MINUTE#'.length) : null;
}

/** Looks at what a company's shop sends and gets. The present hour counts once it is counted. */
export async function lookAtHealth(
  { control, usage }: { readonly control: Table; readonly usage: Table },
  tenantId: TenantId,
  now: Date,
): Promise<Health> {
  const day = { first: hourOf(new Date(now.getTime() - DAY_MS)), last: hourOf(now) };
  const [lastEventAt, hours, faults, training] = await Promise.all([
    lastEvent(usage, tenantId),
    readHours(usage, tenantId, 'recommendations_served', day),
    countFaults(usage, tenantId, day),
    findTraining(control, tenantId),
  ]);
  return {
    seenAt: now.toISOString(),
    lastEventAt,
    served: [...hours.values()].reduce((sum, steps) => sum + steps, 0),
    faults,
    training: training ? { status: training.status, at: training.endedAt ?? training.startedAt } : null,
  };
}
