import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { eventKey } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { createIdSource, timeOfId } from '@tenantry/core/ids/id';
import { startTestCloud } from '../support/test-cloud.ts';
import { inTurns, type Measurement, measured, middle } from './measurement.ts';

const RUNS = 7;
/** Requests of a turn, and how many are under way at once, the same for both. */
const REQUESTS = 160;
const LANES = 4;
const BATCH = 25;
/** A shop's shoppers of the hour: each comes back several times within a turn. */
const SHOPPERS = 400;

interface SentEvent {
  readonly id: string;
  readonly shopperId: string;
  readonly itemId: string;
  readonly type: 'view';
  readonly time: string;
}

const newId = createIdSource();
let serial = 0;

function batch(): readonly SentEvent[] {
  return Array.from({ length: BATCH }, () => {
    serial += 1;
    const id = newId('event');
    return {
      id,
      shopperId: `shopper-${(serial * 7919) % SHOPPERS}`,
      itemId: `item-${serial % 5000}`,
      type: 'view',
      time: new Date(timeOfId(id)).toISOString(),
    };
  });
}

/** Events a second that `send` takes, a few batches at once. */
async function rate(send: (events: readonly SentEvent[]) => Promise<unknown>): Promise<number> {
  const batches = Array.from({ length: REQUESTS }, batch);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let events = batches[next++]; events; events = batches[next++]) await send(events);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: LANES }, lane));
  return (REQUESTS * BATCH * 1000) / (performance.now() - began);
}

/** What the Collector API takes of a shop's events, beside bare writes of the same rows to the same table, in turns. */
export async function* collector(): AsyncIterable<Measurement> {
  const test = await startTestCloud();
  try {
    const person = await test.signUp();
    const { tenantId, checkoutUrl } = await person.register({
      name: 'Collector',
      slug: `collector-${process.pid}`,
      tier: 'enterprise',
    });
    await person.pay(checkoutUrl);
    await person.onboarded();
    const bearer = await person.createKey('secret');
    const client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: test.cloud.urls.aws,
        region: 'us-east-1',
        credentials: test.cloud.rootCredentials,
      }),
    );
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const table = TableNames.find((name) => name.includes(tenantId));
    if (!table) throw new Error('The company has no table of its own.');
    const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
    const collect = async (events: readonly SentEvent[]) => {
      const { accepted } = await person.api('collectEvents', { bearer, body: { events } });
      if (accepted !== events.length) throw new Error(`Of ${events.length} events ${accepted} were accepted.`);
    };
    const write = (events: readonly SentEvent[]) =>
      client.send(
        new BatchWriteCommand({
          RequestItems: {
            [table]: events.map(({ itemId, type, ...event }) => ({
              PutRequest: { Item: { ...eventKey(tenantId as TenantId, event), itemId, type, expiresAt } },
            })),
          },
        }),
      );
    // Shoppers are known, credentials vended and connections open before anything is measured.
    await rate(collect);
    await rate(write);
    const { samples, floors } = await inTurns(
      RUNS,
      () => rate(collect),
      () => rate(write),
    );
    yield measured('collector/events-per-second', '1/s', samples, middle(floors).median);
  } finally {
    await test.close();
  }
}
