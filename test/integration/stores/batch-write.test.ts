import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { batchWrite, type Item } from '@tenantry/core/dynamodb/batch-write';
import { newId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

/** What comes between a writer and the table: the batch as it was sent, and what is to be said of it instead; undefined lets it through. */
type Fault = (batch: Wire) => { readonly status: number; readonly body: object } | 'hangs up' | undefined;
type Wire = Readonly<Record<string, readonly object[]>>;

let stores: Stores;
let fault: Fault = () => undefined;
/** Batches that came, with whether the SDK sent them. */
const sent: { readonly bySdk: boolean; readonly batch: Wire }[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const target = String(request.headers['x-amz-target']);
  const batch = JSON.parse(body).RequestItems as Wire;
  sent.push({ bySdk: request.headers['user-agent'] !== undefined, batch });
  const said = fault(batch);
  if (said === 'hangs up') return void request.socket.destroy();
  const { status, text } = said
    ? { status: said.status, text: JSON.stringify(said.body) }
    : await fetch(await endpointOf(), {
        method: 'POST',
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
        body,
      }).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
});
const endpointOf = async (): Promise<string> => {
  const { protocol, hostname, port } = (await stores.table('Shoppers').client.config.endpoint?.()) ?? {};
  return `${protocol}//${hostname}:${port}/`;
};
let client: DynamoDBDocumentClient;
const connect = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 2,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );

beforeAll(async () => {
  stores = await startStores();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect();
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await stores.close();
});

const table = () => ({ client, name: 'Shoppers' });
const rows = (count: number): Item[] => {
  const pk = newId('tenant');
  return Array.from({ length: count }, (_, at) => ({ pk, sk: `shopper-${at}`, at }));
};
const read = async ({ pk, sk }: Item): Promise<unknown> =>
  (await stores.table('Shoppers').client.send(new GetCommand({ TableName: 'Shoppers', Key: { pk, sk } }))).Item;
const stored = (all: readonly Item[]): Promise<unknown[]> => Promise.all(all.map(read));
async function written(puts: readonly Item[], said: Fault): Promise<readonly boolean[]> {
  sent.length = 0;
  fault = said;
  try {
    await batchWrite([{ table: table(), puts }], { directly: true });
  } finally {
    fault = () => undefined;
  }
  return sent.map(({ bySdk }) => bySdk);
}
const atFirst = (said: ReturnType<Fault>): Fault => {
  let left = 1;
  return () => (left-- > 0 ? said : undefined);
};

describe('writes around the SDK', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.integer().map((number) => number / 16),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer()),
  );
  it('store what those through it store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/), value), async (attributes) => {
        const [first, second] = rows(2).map((row) => ({ ...attributes, unset: undefined, ...row, at: 0 }));
        if (!first || !second) throw new Error('no rows');
        await batchWrite([{ table: table(), puts: [first] }], { directly: true });
        await batchWrite([{ table: table(), puts: [second] }]);
        const [around, through] = await stored([first, second]);
        expect({ ...(around as object), sk: '' }).toEqual({ ...(through as object), sk: '' });
      }),
    );
  });

  it('delete, too, and take several tables', async () => {
    const [kept, gone] = rows(2);
    if (!kept || !gone) throw new Error('no rows');
    const other = { client, name: 'Events' };
    await batchWrite([{ table: table(), puts: [gone] }], { directly: true });
    const deletes = [{ pk: gone.pk, sk: gone.sk }];
    await batchWrite(
      [
        { table: table(), deletes },
        { table: other, puts: [kept] },
      ],
      { directly: true },
    );
    expect(await stored([kept, gone])).toEqual([undefined, undefined]);
    const { Item } = await client.send(new GetCommand({ TableName: 'Events', Key: { pk: kept.pk, sk: kept.sk } }));
    expect(Item).toEqual(kept);
  });

  it('go through it where they do not simply go well', async () => {
    const all = rows(30);
    expect(await written(all, () => undefined)).toEqual([false, false]);
    for (const said of [
      { status: 400, body: { __type: 'ProvisionedThroughputExceededException' } },
      { status: 500, body: {} },
      'hangs up' as const,
    ]) {
      const again = rows(3);
      expect(await written(again, atFirst(said))).toEqual([false, true]);
      expect(await stored(again)).toEqual(again);
    }
  });

  it('go over connections that the clients of all tenants share', async () => {
    const opened: unknown[] = [];
    await batchWrite([{ table: table(), puts: rows(1) }], { directly: true });
    server.on('connection', (socket) => opened.push(socket));
    const other = connect();
    await batchWrite([{ table: { client: other, name: 'Shoppers' }, puts: rows(1) }], { directly: true });
    expect(opened).toEqual([]);
    other.destroy();
  });

  it('send again what was not processed, and nothing else', async () => {
    const all = rows(4);
    await written(all, (batch) => {
      const { Shoppers = [] } = batch;
      return Shoppers.length > 1
        ? { status: 200, body: { UnprocessedItems: { Shoppers: Shoppers.slice(Shoppers.length / 2) } } }
        : undefined;
    });
    expect(sent.map(({ batch }) => batch.Shoppers?.length)).toEqual([4, 2, 1]);
    expect(await stored(all)).toEqual([undefined, undefined, undefined, all[3]]);
  });

  it('say so when not everything is taken', async () => {
    const puts = rows(2);
    const never: Fault = (batch) => ({ status: 200, body: { UnprocessedItems: batch } });
    await expect(written(puts, never)).rejects.toMatchObject({ code: 'unavailable', internal: { unprocessed: 2 } });
  });
});
