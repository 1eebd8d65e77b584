import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Client, init, type Options } from './client.ts';
import type { QueuedEvent } from './queue.ts';
import { memoryStorage } from './storage.ts';

/** What the API answers to the next requests; `drop` cuts the connection. The last one goes on. */
type Answer = 200 | 202 | 400 | 401 | 429 | 500 | 503 | 'drop';
let server: Server;
let url = '';
let answers: Answer[] = [];
let taken: QueuedEvent[] = [];
let requests: { readonly headers: IncomingMessage['headers']; readonly body: { events?: QueuedEvent[] } }[] = [];
let clients: Client[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text) as { events?: QueuedEvent[] };
  requests.push({ headers: request.headers, body });
  const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? 202;
  if (next === 'drop') return void request.socket.destroy();
  if (next < 300) taken.push(...(body.events ?? []));
  response.writeHead(next, { 'content-type': 'application/json', ...(next === 429 ? { 'retry-after': '0.01' } : {}) });
  response.end(
    JSON.stringify(next < 300 ? { items: [], recommendationId: 'rec_1' } : { code: `c${next}`, detail: 'no' }),
  );
}

beforeEach(async () => {
  [answers, taken, requests, clients] = [[202], [], [], []];
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const client of clients) client.close();
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

function start(options: Partial<Options> = {}): Client {
  const client = init({ key: 'pk_1', url, shopperId: 'shopper-1', waitMs: 5, backOffMs: 1, ...options });
  clients.push(client);
  return client;
}

const view = (itemId: string) => ({ itemId, type: 'view' as const });

describe('events', () => {
  it('go together after a moment, in their order, with the key in a header', async () => {
    const client = start();
    const ids = ['a', 'b', 'c'].map((item) => client.track(view(item)));
    await vi.waitFor(() => expect(taken).toHaveLength(3));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers.authorization).toBe('Bearer pk_1');
    expect(taken.map(({ id, itemId, shopperId }) => ({ id, itemId, shopperId }))).toEqual(
      ['a', 'b', 'c'].map((itemId, index) => ({ id: ids[index], itemId, shopperId: 'shopper-1' })),
    );
    for (const id of ids) expect(id).toMatch(/^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
  });

  it('go at once when enough wait, and no more than a hundred in one request', async () => {
    const client = start({ waitMs: 60_000, batchSize: 150 });
    for (let i = 0; i < 150; i++) client.track(view(`item-${i}`));
    await vi.waitFor(() => expect(taken).toHaveLength(150));
    expect(requests.map(({ body }) => body.events?.length)).toEqual([100, 50]);
  });

  it('that the API refuses for good are given up and told, and hold up no others', async () => {
    answers = [400, 202];
    const lost: QueuedEvent[] = [];
    const client = start({ onError: (_, events) => lost.push(...events) });
    client.track(view('bad'));
    await client.flush();
    client.track(view('good'));
    await client.flush();
    expect(lost.map(({ itemId }) => itemId)).toEqual(['bad']);
    expect(taken.map(({ itemId }) => itemId)).toEqual(['good']);
  });

  it('wait as long as the API says', async () => {
    answers = [429, 202];
    const client = start();
    client.track(view('a'));
    await vi.waitFor(() => expect(taken).toHaveLength(1));
    expect(requests).toHaveLength(2);
  });

  it('that wait are found again by the next page, and sent once', async () => {
    answers = ['drop'];
    const storage = memoryStorage();
    const first = start({ storage, backOffMs: 60_000 });
    const id = first.track(view('kept'));
    await first.flush();
    first.close();
    answers = [202];
    start({ storage });
    await vi.waitFor(() => expect(taken.map((event) => event.id)).toEqual([id]));
    await vi.waitFor(() => expect(storage.getItem('tenantry.queue')).toBeNull());
  });

  it('are not kept without end while there is no way to the API: the oldest go', async () => {
    answers = ['drop'];
    const storage = memoryStorage();
    const lost: string[] = [];
    const onError: Options['onError'] = ({ code }, events) =>
      lost.push(...events.map(({ itemId }) => `${code} ${itemId}`));
    const client = start({ storage, queueMax: 3, backOffMs: 60_000, onError });
    for (let i = 0; i < 5; i++) client.track(view(`item-${i}`));
    expect(lost).toEqual(['queue_full item-0', 'queue_full item-1']);
    for (let i = 5; i < 10; i++) client.track(view(`item-${i}`));
    await client.flush();
    const kept = JSON.parse(storage.getItem('tenantry.queue') ?? '[]') as QueuedEvent[];
    expect(kept.map(({ itemId }) => itemId)).toEqual(['item-7', 'item-8', 'item-9']);
  });

  it('arrive or are told as lost, each under its own id, whatever the API and the network do', async () => {
    const failure = fc.constantFrom<Answer>(400, 429, 500, 503, 'drop', 202);
    await fc.assert(
      fc.asyncProperty(fc.array(failure, { maxLength: 8 }), fc.integer({ min: 1, max: 30 }), async (script, count) => {
        [answers, taken] = [[...script, 202], []];
        const lost: QueuedEvent[] = [];
        const client = start({ batchSize: 7, onError: (_, events) => lost.push(...events) });
        const sent = Array.from({ length: count }, (_, i) => client.track(view(`item-${i}`)));
        await vi.waitFor(
          () => {
            const done = new Set([...taken, ...lost].map(({ id }) => id));
            expect(sent.every((id) => id !== undefined && done.has(id))).toBe(true);
          },
          { timeout: 5000, interval: 2 },
        );
        client.close();
        expect(new Set(sent).size).toBe(count);
        const lostIds = new Set(lost.map(({ id }) => id));
        expect(taken.some(({ id }) => lostIds.has(id))).toBe(false);
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('in a store that holds anything else are none', () => {
    const storage = memoryStorage();
    for (const text of ['{', '7', '[1,null,{"id":1}]', '{"length":3}']) {
      storage.setItem('tenantry.queue', text);
      expect(() => start({ storage, waitMs: 60_000 })).not.toThrow();
    }
    expect(taken).toEqual([]);
  });
});

describe('recommendations', () => {
  it('are asked for with the shopper, and refusals say why', async () => {
    const client = start();
    expect(await client.recommend({ limit: 5 })).toMatchObject({ recommendationId: 'rec_1' });
    expect(requests[0]?.body).toEqual({ limit: 5, shopperId: 'shopper-1' });
    answers = [401];
    await expect(client.recommend()).rejects.toMatchObject({ name: 'TenantryError', status: 401, code: 'c401' });
    answers = ['drop'];
    await expect(client.recommend()).rejects.toMatchObject({ status: 0, code: 'no_answer' });
  });

  it('are given up after the deadline', async () => {
    const never: typeof fetch = (_, { signal } = {}) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const client = start({ fetch: never, timeoutMs: 10 });
    await expect(client.recommend()).rejects.toMatchObject({ code: 'timeout' });
  });
});

describe('consent', () => {
  it('that is not given yet lets nothing be sent or stored, and starts all of it once it is', async () => {
    const storage = memoryStorage();
    const kept = vi.spyOn(storage, 'setItem');
    const client = start({ consent: false, storage });
    expect(client.track(view('a'))).toBeUndefined();
    await client.flush();
    expect(requests).toEqual([]);
    expect(kept).not.toHaveBeenCalled();
    client.setConsent(true);
    client.track(view('b'));
    await client.flush();
    expect(taken.map(({ itemId }) => itemId)).toEqual(['b']);
  });

  it('that is taken back forgets what waits', async () => {
    const storage = memoryStorage();
    const client = start({ storage, waitMs: 60_000 });
    client.track(view('a'));
    client.setConsent(false);
    await client.flush();
    expect(requests).toEqual([]);
    expect(storage.getItem('tenantry.queue')).toBeNull();
  });
});

describe('in a page', () => {
  const listeners = new Map<string, () => void>();
  const page = { visibilityState: 'visible' };
  beforeEach(() => {
    vi.stubGlobal('document', page);
    vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener));
    vi.stubGlobal('removeEventListener', (name: string) => listeners.delete(name));
    page.visibilityState = 'visible';
  });

  it('a secret key is refused', () => {
    expect(() => start({ key: 'sk_1' })).toThrow(/secret key must never be in a page/);
  });

  it('shoppers without a name get one of their own, which stays, and goes when consent does', async () => {
    const storage = memoryStorage();
    const { shopperId: _, ...options } = { shopperId: '', key: 'pk_1', url, storage, waitMs: 5 };
    const client = init(options);
    clients.push(client);
    client.track(view('a'));
    client.track(view('b'));
    await client.flush();
    expect(new Set(taken.map(({ shopperId }) => shopperId)).size).toBe(1);
    expect(taken[0]?.shopperId).toMatch(/^anon_/);
    client.identify('shopper-9');
    client.track(view('c'));
    await client.flush();
    expect(taken[2]?.shopperId).toBe('shopper-9');
    client.setConsent(false);
    expect(storage.getItem('tenantry.shopper')).toBeNull();
  });

  it('what waits is sent when it is left, by a request that outlives it', async () => {
    const options: RequestInit[] = [];
    const client = start({
      waitMs: 60_000,
      fetch: (input, init) => {
        options.push(init ?? {});
        return fetch(input, init);
      },
    });
    client.track(view('last'));
    page.visibilityState = 'hidden';
    listeners.get('visibilitychange')?.();
    await vi.waitFor(() => expect(taken.map(({ itemId }) => itemId)).toEqual(['last']));
    expect(options[0]?.keepalive).toBe(true);
  });
});

it('a server must say who is shopping', () => {
  const client = init({ key: 'sk_1', url });
  clients.push(client);
  expect(() => client.track(view('a'))).toThrow(/who is shopping/);
});

describe('feedback on a list', () => {
  const list = { recommendationId: 'rec_1' };
  const entries = () => requests.flatMap(({ body }) => (body as { feedback?: object[] }).feedback ?? []);

  it('names the list and whose it was, and the item that was clicked', async () => {
    const client = start();
    await client.shown(list);
    await client.clicked({ ...list, shopperId: 'shopper-2' }, 'a');
    expect(entries()).toEqual([
      { type: 'impression', recommendationId: 'rec_1', shopperId: 'shopper-1' },
      { type: 'click', itemId: 'a', recommendationId: 'rec_1', shopperId: 'shopper-2' },
    ]);
  });

  it('is not sent without consent', async () => {
    const client = start({ consent: false });
    await client.shown(list);
    await client.clicked(list, 'a');
    expect(requests).toEqual([]);
  });
});
