import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { until } from '@tenantry/local/demo/journey';
import * as z from 'zod';
import { administrator } from './administrator.ts';
import { rootClient, tableName } from './rows.ts';

/** Runs a job as the clock would, and gives what it answered. @throws when the job fails */
export async function runJob<T>(cloud: LocalCloud, name: string, event: object = {}): Promise<T> {
  const admin = administrator(cloud);
  const { FunctionError, Payload } = await admin.lambda.send(
    new InvokeCommand({ FunctionName: admin.functionOf(`jobs/${name}`)?.name, Payload: JSON.stringify(event) }),
  );
  const text = Payload ? Buffer.from(Payload).toString() : '';
  if (FunctionError) throw new Error(`The job ${name} failed: ${text}`);
  return JSON.parse(text) as T;
}

async function rowOf(cloud: LocalCloud, table: string, tenantId: string, sk: string) {
  const command = new GetCommand({
    TableName: tableName(cloud, table),
    Key: { pk: `TENANT#${tenantId}`, sk },
    ConsistentRead: true,
  });
  return (await rootClient(cloud).send(command)).Item;
}

/** What the table of usage has for a tenant, all hours together, in steps. */
export const meteredOf = async (cloud: LocalCloud, tenantId: string, meter: string): Promise<number> =>
  Number((await rowOf(cloud, 'Usage', tenantId, `USED#TOTAL#${meter}`))?.steps ?? 0);

/** How much is to be counted, or to be reported, whoever it belongs to. */
export async function dueIn(cloud: LocalCloud, what: 'DUE' | 'REPORT'): Promise<number> {
  const command = new QueryCommand({
    TableName: tableName(cloud, 'Usage'),
    IndexName: 'gsi1',
    KeyConditionExpression: 'gsi1pk = :what',
    ExpressionAttributeValues: { ':what': what },
  });
  return (await rootClient(cloud).send(command)).Count ?? 0;
}

/** Counts until the meter shows as much, and gives what it shows then: the streams may need a moment. */
export async function meteredAtLeast(
  cloud: LocalCloud,
  tenantId: string,
  meter: string,
  steps: number,
): Promise<number> {
  return until(`${steps} of ${meter}`, async () => {
    await runJob(cloud, 'count-usage', { early: true });
    const metered = await meteredOf(cloud, tenantId, meter);
    return metered >= steps ? metered : undefined;
  });
}

/** How many units Stripe has of a tenant's meter, whenever they were used. */
export async function billedOf(cloud: LocalCloud, tenantId: string, meter: string): Promise<number> {
  const { stripe } = administrator(cloud);
  const { data } = meterListSchema.parse(await stripe('billing/meters?status=active&limit=100'));
  const id = data.find(({ event_name }) => event_name === meter)?.id;
  const subscription = await rowOf(cloud, 'Control', tenantId, 'SUBSCRIPTION');
  const now = Math.floor(Date.now() / 60_000) * 60;
  const query = new URLSearchParams({
    customer: String(subscription?.customerId),
    start_time: String(now - 30 * 86_400),
    end_time: String(now + 86_400),
  });
  const summaries = summariesSchema.parse(await stripe(`billing/meters/${id}/event_summaries?${query}`));
  return summaries.data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
}

const meterListSchema = z.object({ data: z.array(z.object({ id: z.string(), event_name: z.string() })) });
const summariesSchema = z.object({ data: z.array(z.object({ aggregated_value: z.number() })) });
