import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSiloClient } from './silo-client.ts';

/** What the silo answers to the next requests, and what it was asked. */
let healthy = true;
let asked: string[] = [];
let held: (() => void)[] | undefined;
/** Whether the connection of the next request ends before an answer. */
let leaving = false;
let server: Server;
let now = 0;

beforeEach(async () => {
  [healthy, asked, held, leaving, now] = [true, [], undefined, false, 0];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(body);
    if (leaving) {
      leaving = false;
      request.socket.destroy();
      return;
    }
    if (held) await new Promise<void>((resolve) => held?.push(resolve));
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ recommendationId: 'rec_1', modelVersion: 'm', servedBy: 'silo', items: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function client() {
  const ask = createSiloClient(() => now);
  const { port } = server.address() as AddressInfo;
  const silo = { address: '127.0.0.1', host: 'silo', port, tls: false, accessToken: 'token' };
  return (shopperId = 's') => ask(silo, { shopperId });
}
const failures = async (ask: () => Promise<unknown>, count: number) => {
  for (let n = 0; n < count; n += 1) await expect(ask()).rejects.toThrow();
};

describe('a silo that fails again and again', () => {
  it('is left alone for a while, then tried by one request for all', async () => {
    const ask = client();
    healthy = false;
    await failures(ask, 7);
    expect(asked).toHaveLength(5);
    now = 10_000;
    await failures(ask, 3);
    expect(asked).toHaveLength(6);
    now = 20_000;
    healthy = true;
    held = [];
    const trial = ask();
    await expect.poll(() => held?.length).toBe(1);
    await expect(ask()).rejects.toThrow('left alone');
    for (const release of held ?? []) release();
    held = undefined;
    await trial;
    await Promise.all([ask(), ask(), ask()]);
    expect(asked).toHaveLength(10);
  });

  it('is asked as before when it fails only now and then', async () => {
    const ask = client();
    for (let round = 0; round < 3; round += 1) {
      healthy = false;
      await failures(ask, 4);
      healthy = true;
      await ask();
    }
    expect(asked).toHaveLength(15);
  });
});

it('a request that meets a replica as it closes its kept connections is asked again, and one on a new connection is not', async () => {
  const ask = client();
  leaving = true;
  await failures(ask, 1);
  await ask();
  leaving = true;
  await expect(ask()).resolves.toMatchObject({ servedBy: 'silo' });
  expect(asked).toHaveLength(4);
});

it('a silo is told nothing that it would do by itself, which an older one might not know', async () => {
  const { port } = server.address() as AddressInfo;
  const silo = { address: '127.0.0.1', host: 'silo', port, tls: false, accessToken: 'token' };
  const defaults = { scenario: 'personal' as const, offset: 0, exclude: [], excludePurchased: false };
  const answer = await createSiloClient()(silo, { ...defaults, shopperId: 's', limit: 5 });
  expect(JSON.parse(asked[0] ?? '')).toEqual({ shopperId: 's', limit: 5 });
  // Nor does an older one say what it does not know.
  expect(answer).toMatchObject({ nextOffset: null, variant: 'none' });
});
