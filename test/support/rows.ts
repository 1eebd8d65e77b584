import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';

/** The physical name of a table of the program, such as `Control`. */
export const tableName = ({ graph }: LocalCloud, name: string): string =>
  resourceNamed(graph, 'aws:dynamodb/table:Table', `${name}Table`).id;

/** A client with the account's own credentials: for looking at what the system under test did, never for the system. */
export const rootClient = ({ urls, rootCredentials }: LocalCloud): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials }),
  );

/** Every row of a table, as JSON that can be compared. */
export async function allRows(cloud: LocalCloud, name: string): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const pages = paginateScan({ client: rootClient(cloud) }, { TableName: tableName(cloud, name) });
  for await (const { Items = [] } of pages) rows.push(...Items);
  return rows;
}

/** What the control table holds of a company's customer and subscription. */
export async function subscriptionRow(
  cloud: LocalCloud,
  tenantId: string,
): Promise<{ readonly customerId: string; readonly subscriptionId: string }> {
  const rows = await allRows(cloud, 'Control');
  const row = rows.find(({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'SUBSCRIPTION');
  const state = row?.state as { subscription: { subscriptionId: string } | null } | undefined;
  return { customerId: String(row?.customerId), subscriptionId: String(state?.subscription?.subscriptionId) };
}

/** Waits until Stripe owes no webhook and every receipt is worked off, so that nothing changes by itself any more. */
export async function quiet(cloud: LocalCloud): Promise<void> {
  await until('quiet', async () => {
    const response = await fetch(`${cloud.urls.stripe}/_local/webhooks`);
    const { pending } = (await response.json()) as { pending: number };
    const receipts = (await allRows(cloud, 'Control')).filter(({ pk }) => String(pk).startsWith('RECEIPT#'));
    const open = receipts.some(({ state }) => state === 'received' || state === 'queued');
    return pending === 0 && !open ? true : undefined;
  });
}

/** A picture of every table once nothing is under way, to show that something changed nothing. */
export async function everyRow(cloud: LocalCloud): Promise<string> {
  await quiet(cloud);
  const names = ['Control', 'Events', 'Recommendations', 'Shoppers', 'Catalogue', 'Attribution', 'Usage', 'Audit'];
  return JSON.stringify(await Promise.all(names.map((name) => allRows(cloud, name))));
}
