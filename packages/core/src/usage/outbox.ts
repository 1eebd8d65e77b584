import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isConditionFailure, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type UsageBiller, UsageRefused } from './biller.ts';
import { endOfHour, startOfHour } from './hours.ts';
import { usageKeys } from './keys.ts';
import { type ReportRow, reportSchema } from './report-row.ts';

const KEPT_DAYS = 400;

export type Outcome = 'told' | 'refused' | 'done before';

/**
 * Tells the biller one report of the outbox, and marks it. Stopped anywhere and begun again, the biller counts it once: that it is
 * about to be told is written before it is told; within the time that the biller remembers identifiers it is told again under the
 * same; later the biller is asked first what it has of that hour.
 * @throws whatever the biller throws but a refusal; the report stays where it is
 */
export async function tellReport(
  usage: Table,
  biller: UsageBiller,
  place: { readonly tenantId: TenantId; readonly sk: string; readonly customerId: string },
  now: Date,
): Promise<Outcome> {
  const key = { pk: `TENANT#${place.tenantId}`, sk: place.sk };
  const { Item } = await usage.client.send(new GetCommand({ TableName: usage.name, Key: key, ConsistentRead: true }));
  let row = Item && reportSchema.parse(Item);
  if (row?.state !== 'waiting') return 'done before';

  if (!row.firstToldAt) {
    const fields = { firstToldAt: now.toISOString() };
    if (!(await change(usage, key, fields, 'attribute_not_exists(firstToldAt)'))) return 'done before';
  } else if (now.getTime() - Date.parse(row.firstToldAt) > biller.remembersMs) {
    if (await billerHasIt(usage, biller, place, row)) return mark(usage, key, 'told', now);
    const renewed = await renew(usage, key, row, now);
    if (!renewed) return 'done before';
    row = renewed;
  }

  try {
    const { meter, units, at, identifier } = row;
    await biller.report({ customerId: place.customerId, meter, units, at: new Date(at), identifier });
  } catch (error) {
    if (!(error instanceof UsageRefused)) throw error;
    return mark(usage, key, 'refused', now, error.message);
  }
  return mark(usage, key, 'told', now);
}

/** True when the biller has more of the hour than the reports that are marked. */
async function billerHasIt(
  usage: Table,
  biller: UsageBiller,
  { tenantId, customerId }: { readonly tenantId: TenantId; readonly customerId: string },
  { meter, hour, units }: ReportRow,
): Promise<boolean> {
  const { pk, sk } = usageKeys.report(tenantId, meter, hour, 0);
  const { Items = [] } = await usage.client.send(
    new QueryCommand({
      TableName: usage.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk.slice(0, sk.lastIndexOf('#') + 1) },
      ConsistentRead: true,
    }),
  );
  const told = z
    .array(reportSchema)
    .parse(Items)
    .filter(({ state }) => state === 'told')
    .reduce((sum, row) => sum + row.units, 0);
  return (await biller.unitsBetween(customerId, meter, startOfHour(hour), endOfHour(hour))) >= told + units;
}

/** Another identifier, since nobody remembers the old one. Of two who come at once, one does it. */
async function renew(usage: Table, key: Key, row: ReportRow, now: Date): Promise<ReportRow | undefined> {
  const renewals = row.renewals + 1;
  const [base = row.identifier] = row.identifier.split('~');
  const renewed = { renewals, identifier: `${base}~${renewals}`, firstToldAt: now.toISOString() };
  const done = await change(usage, key, renewed, 'renewals = :before', { ':before': row.renewals });
  return done ? { ...row, ...renewed } : undefined;
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** @returns false when the condition does not hold, or the report is not there any more */
async function change(
  usage: Table,
  Key: Key,
  fields: Readonly<Record<string, string | number>>,
  condition: string,
  values: Readonly<Record<string, string | number>> = {},
  remove = '',
): Promise<boolean> {
  const names = Object.keys(fields);
  try {
    await usage.client.send(
      new UpdateCommand({
        TableName: usage.name,
        Key,
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}${remove}`,
        ConditionExpression: `attribute_exists(pk) AND #state = :waiting AND ${condition}`,
        ExpressionAttributeNames: { ...Object.fromEntries(names.map((name) => [`#${name}`, name])), '#state': 'state' },
        ExpressionAttributeValues: {
          ':waiting': 'waiting',
          ...values,
          ...Object.fromEntries(names.map((name) => [`:${name}`, fields[name]])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

async function mark(usage: Table, key: Key, state: 'told' | 'refused', now: Date, reason?: string): Promise<Outcome> {
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_DAYS * 86_400;
  const fields = { state, endedAt: now.toISOString(), expiresAt, ...(reason ? { reason: reason.slice(0, 500) } : {}) };
  await change(usage, key, fields, 'attribute_exists(identifier)', {}, ' REMOVE gsi1pk, gsi1sk');
  return state;
}
