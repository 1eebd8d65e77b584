import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { syncCatalogue } from '@tenantry/core/billing/catalogue-sync';
import { type BillingMessage, messageOf } from '@tenantry/core/billing/webhook';
import { statusIndex } from '@tenantry/core/control/keys';
import type { Table } from '@tenantry/core/control/table';
import type { TenantTables } from '@tenantry/core/tenant/change';
import { startHarness } from '@tenantry/local/dynamodb/test/harness';
import { createLocalStripe } from '@tenantry/local/stripe/server';
import Stripe from 'stripe';
import type { Gate } from './turns.ts';

const secretKey = 'sk_test_localkeyforteststhatisfine';

/** Local Stripe and DynamoDB in this process, reached by their real clients. */
export interface World {
  readonly stripe: Stripe;
  readonly tables: TenantTables;
  /** The same two, for a handler that waits for its turn at every call. */
  clientsFor(gate: Gate): { readonly stripe: Stripe; readonly tables: TenantTables };
  /** The events that Stripe has had to tell since the last time. */
  newEvents(): readonly BillingMessage[];
  /** What becomes of a subscription once Stripe has given up on its payment. */
  afterRetries(outcome: 'canceled' | 'unpaid' | 'past_due'): Promise<void>;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'lives-'));
  const server = createLocalStripe({ dir, secretKey, webhookSecret: 'whsec_localsecretfortests' });
  const url = new URL(await server.listen(0));
  const harness = await startHarness();
  const keys = { attributes: { pk: 'S', sk: 'S' }, keySchema: { hash: 'pk', range: 'sk' } } as const;
  const { name } = statusIndex;
  await harness.engine.ensureTable({
    ...keys,
    tableName: 'Control',
    attributes: { ...keys.attributes, gsi1pk: 'S', gsi1sk: 'S' },
    gsis: [{ indexName: name, keySchema: { hash: 'gsi1pk', range: 'gsi1sk' } }],
  });
  await harness.engine.ensureTable({ ...keys, tableName: 'Audit' });

  const clientOf = (fetching: typeof fetch): Stripe =>
    new Stripe(secretKey, {
      host: url.hostname,
      port: url.port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
      httpClient: Stripe.createFetchHttpClient(fetching),
    });
  const stripe = clientOf(fetch);
  const tablesOf = (client: DynamoDBDocumentClient): TenantTables => ({
    control: { client, name: 'Control' } satisfies Table,
    auditTable: 'Audit',
  });
  const client = DynamoDBDocumentClient.from(harness.client);
  await syncCatalogue(stripe);

  const database = new DatabaseSync(join(dir, 'stripe.db'), { readOnly: true });
  const newest = database.prepare(
    "SELECT sequence, document FROM objects WHERE kind = 'event' AND sequence > ? ORDER BY sequence",
  );
  let told = 0;
  const newEvents = (): readonly BillingMessage[] =>
    newest.all(told).map(({ sequence, document }) => {
      told = Number(sequence);
      return messageOf(JSON.parse(String(document)));
    });
  newEvents();

  return {
    stripe,
    tables: tablesOf(client),
    clientsFor(gate) {
      const gatedFetch: typeof fetch = (input, init) =>
        gate(async () => {
          const response = await fetch(input, init);
          return new Response(await response.arrayBuffer(), response);
        });
      const send = client.send.bind(client) as (command: never) => Promise<unknown>;
      const gated = new Proxy(client, {
        get(target, property, receiver) {
          if (property !== 'send') return Reflect.get(target, property, receiver);
          return (command: never) => gate(() => send(command));
        },
      });
      return { stripe: clientOf(gatedFetch), tables: tablesOf(gated) };
    },
    newEvents,
    async afterRetries(outcome) {
      const body = JSON.stringify({ afterRetries: outcome });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(new URL('/_local/settings', url), { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async close() {
      database.close();
      await server.close();
      await harness.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
