import { type AddressInfo, createServer, type Socket } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { countersSchema } from '@tenantry/core/fleet/gate';
import { newId } from '@tenantry/core/ids/id';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogueSource } from './catalogue-source.ts';
import { createSiloServer } from './http-server.ts';
import { createCandidateSource, createModelSource } from './model-source.ts';

const accessToken = 'b7e1c0d4a92f4f6c8d13a5e0b7e1c0d4';
/** Nobody listens there. */
const aws = {
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
};

describe('a recommender that cannot reach its data', () => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(aws));
  const s3 = new S3Client(aws);
  const table = { client, name: 'none' };
  const server = createSiloServer({
    tenantId: newId('tenant'),
    accessToken,
    version: 'v2',
    sources: {
      events: table,
      log: async () => undefined,
      s3,
      models: createModelSource({ bucket: 'none', bytesMax: 1, checkEveryMs: 0 }),
      candidates: createCandidateSource({ bucket: 'none', bytesMax: 1, checkEveryMs: 0 }),
      catalogues: createCatalogueSource({ bucket: 'none', bytesMax: 1, checkEveryMs: 0 }),
      servedBy: 'silo',
    },
    onError: () => undefined,
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    s3.destroy();
    client.destroy();
  });

  const ask = (body: string, token = accessToken) =>
    fetch(`${url}/recommendations`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });

  it('counts what it was asked and what failed by its own fault, but not who may not ask', async () => {
    expect((await ask('{"shopperId":"s"}')).status).toBe(503);
    expect((await ask('not JSON')).status).toBe(400);
    expect((await ask('{"shopperId":"s"}', 'another')).status).toBe(401);
    const answer = await fetch(`${url}/counters`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(countersSchema.parse(await answer.json())).toEqual({ version: 'v2', requests: 2, errors: 1 });
  });

  it('keeps connections for longer than the load balancer before it does', async () => {
    const answer = await ask('{"shopperId":"s"}');
    expect(answer.headers.get('keep-alive')).toBe('timeout=75');
  });

  it('tells nobody else', async () => {
    const answer = await fetch(`${url}/counters`, { headers: { authorization: 'Bearer another' } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('requests');
  });
});

describe('a recommender whose data does not come', () => {
  const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
  const sockets: Socket[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const one of servers) {
      one.closeAllConnections?.();
      one.close();
    }
  });

  /** A silo whose tables accept requests and never answer, and how many connections they have. */
  async function hanging(
    bounds: Partial<Pick<Parameters<typeof createSiloServer>[0], 'inFlightMax' | 'deadlineMs' | 'isBehind'>>,
  ): Promise<{ readonly ask: () => Promise<Response>; readonly connections: () => number }> {
    let connections = 0;
    const silent = createServer((socket) => {
      connections += 1;
      sockets.push(socket);
    });
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...aws, endpoint }));
    const table = { client, name: 'none' };
    const objects = { bucket: 'none', bytesMax: 1, checkEveryMs: 0 };
    const server = createSiloServer({
      tenantId: newId('tenant'),
      accessToken,
      version: 'v',
      sources: {
        events: table,
        log: async () => undefined,
        s3: new S3Client({ ...aws, endpoint }),
        models: createModelSource(objects),
        candidates: createCandidateSource(objects),
        catalogues: createCatalogueSource(objects),
        servedBy: 'silo',
      },
      onError: () => undefined,
      ...bounds,
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/recommendations`;
    const headers = { authorization: `Bearer ${accessToken}` };
    return {
      ask: () => fetch(url, { method: 'POST', headers, body: '{"shopperId":"s"}' }),
      connections: () => connections,
    };
  }

  it('says so at its deadline, and when to come again', async () => {
    const { ask } = await hanging({ inFlightMax: 10, deadlineMs: 20 });
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('takes no more than it can work on, and says so at once', async () => {
    const { ask, connections } = await hanging({ inFlightMax: 2, deadlineMs: 60_000 });
    const waiting = [ask(), ask()].map((asked) => asked.catch(() => 'cut off'));
    // Each of the two reads its history, and both together model and catalogue.
    await expect.poll(connections, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await Promise.race([...waiting, Promise.resolve('still waiting')])).toBe('still waiting');
  });

  it('begins nothing while its log is behind', async () => {
    const { ask, connections } = await hanging({ isBehind: () => true });
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(connections()).toBe(0);
  });

  it('still counts what came too late as work', async () => {
    const { ask } = await hanging({ inFlightMax: 1, deadlineMs: 20 });
    expect((await ask()).status).toBe(503);
    expect(await (await ask()).json()).toEqual({ error: 'Too many requests at a time.' });
  });
});
