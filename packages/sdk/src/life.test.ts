import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Client, init } from './client.ts';
import { newEventId } from './event-id.ts';
import type { QueuedEvent } from './queue.ts';
import { memoryStorage, type Storage } from './storage.ts';

/** What becomes of a request; of `answerLost` the API takes the events, and nobody hears of it. */
type Way = 'ok' | 'offline' | 'answerLost' | 'refused' | 'tooLarge' | 'busy' | 'broken' | 'oneRejected' | 'hanging';
const QUEUE_MAX = 30;

/** What must hold, however pages come and go. */
interface Model {
  consent: boolean;
  /** Ids that `track` gave and whose consent was not taken back since, in their order. */
  tracked: string[];
}

class Shop {
  way: Way = 'ok';
  readonly storage: Storage = memoryStorage();
  readonly page: { visibilityState: string };
  client: Client;
  /** Events in the order in which the API took them first. */
  readonly taken = new Map<string, string>();
  readonly lost = new Set<string>();
  requests = 0;
  /** Events that were given up since their batch was too large. */
  tooMuch = 0;
  /** The most events of one request. */
  largest = 0;
  #hanging: ((way: Way) => void)[] = [];

  constructor(page: { visibilityState: string }) {
    this.page = page;
    this.client = this.start(true);
  }

  start(consent: boolean): Client {
    return init({
      key: 'pk_1',
      url: 'http://shop.test',
      storage: this.storage,
      consent,
      queueMax: QUEUE_MAX,
      batchSize: 5,
      waitMs: 1000,
      fetch: (_, request) => this.#answer(request ?? {}),
      onError: ({ code }, lost) => {
        for (const { id } of lost) this.lost.add(id);
        // Of what is too large, halves are taken.
        if (code === 'body_too_large') this.tooMuch += lost.length;
        // A shop's own mistake holds nothing up.
        throw new Error('The shop’s own concern.');
      },
    });
  }

  /** Requests that hang are answered. */
  release(way: Way): void {
    const waiting = this.#hanging;
    this.#hanging = [];
    for (const answer of waiting) answer(way);
  }

  async #answer({ body, signal }: RequestInit): Promise<Response> {
    this.requests += 1;
    const { events } = JSON.parse(String(body)) as { events: QueuedEvent[] };
    this.largest = Math.max(this.largest, events.length);
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
    const way =
      this.way === 'hanging'
        ? await Promise.race([new Promise<Way>((resolve) => this.#hanging.push(resolve)), aborted])
        : this.way;
    return this.#judge(way, events);
  }

  #judge(way: Way, events: readonly QueuedEvent[]): Response {
    const json = (status: number, content: object, headers = {}) =>
      new Response(JSON.stringify(content), { status, headers });
    const verdicts = events.map((_, index) => ({
      index,
      verdict: way === 'oneRejected' && index === 0 ? 'rejected' : 'accepted',
    }));
    switch (way) {
      case 'offline':
      case 'hanging':
        throw new TypeError('Failed to fetch');
      case 'refused':
        return json(400, { code: 'invalid_request' });
      case 'busy':
        return json(429, { code: 'rate_limited' }, { 'retry-after': '99999999999' });
      case 'broken':
        return json(503, {}, { 'retry-after': 'Tue, 01 Jan 2030 00:00:00 GMT' });
      case 'tooLarge':
        if (events.length > 2) return json(413, { code: 'body_too_large' });
        break;
    }
    for (const [index, { id, itemId }] of events.entries()) {
      if (verdicts[index]?.verdict === 'rejected') continue;
      // The same event is the same under its id.
      expect(this.taken.get(id) ?? itemId).toBe(itemId);
      this.taken.set(id, itemId);
    }
    if (way === 'answerLost') throw new TypeError('Failed to fetch');
    return json(202, { verdicts });
  }
}

type Command = fc.AsyncCommand<Model, Shop>;
const kept = (shop: Shop): QueuedEvent[] => JSON.parse(shop.storage.getItem('tenantry.queue') ?? '[]') as QueuedEvent[];

function command(name: string, run: (model: Model, shop: Shop) => Promise<void> | void): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(model, shop) {
      const before = shop.requests;
      const might = model.consent;
      await run(model, shop);
      await vi.advanceTimersByTimeAsync(0);
      expect(kept(shop).length).toBeLessThanOrEqual(QUEUE_MAX);
      expect(shop.largest).toBeLessThanOrEqual(100);
      if (model.consent || might) return;
      expect(shop.requests).toBe(before);
      expect(shop.storage.getItem('tenantry.queue')).toBeNull();
      expect(shop.storage.getItem('tenantry.shopper')).toBeNull();
    },
  };
}

let serial = 0;
const commands = [
  fc.integer({ min: 1, max: 12 }).map((count) =>
    command(`track ${count}`, (model, shop) => {
      for (let n = 0; n < count; n += 1) {
        serial += 1;
        const id = shop.client.track({ itemId: `item-${serial}`, type: 'view' });
        expect(id !== undefined).toBe(model.consent);
        if (id) model.tracked.push(id);
      }
    }),
  ),
  fc
    .constantFrom<Way>('ok', 'offline', 'answerLost', 'refused', 'tooLarge', 'busy', 'broken', 'oneRejected', 'hanging')
    .map((way) =>
      command(`the way is ${way}`, (_, shop) => {
        shop.way = way;
      }),
    ),
  fc
    .constantFrom<Way>('ok', 'offline', 'answerLost')
    .map((way) => command(`what hangs is ${way}`, (_, shop) => shop.release(way))),
  fc.integer({ min: 1, max: 90_000 }).map((ms) =>
    command(`${ms} ms pass`, async (_, shop) => {
      const before = shop.requests;
      await vi.advanceTimersByTimeAsync(ms);
      // Nobody is asked again and again without a pause.
      expect(shop.requests - before).toBeLessThan(15 + ms / 250);
    }),
  ),
  fc.constant(
    command('flush', (_, shop) => {
      void shop.client.flush();
    }),
  ),
  fc.constant(
    command('the page is left', (_, shop) => {
      shop.page.visibilityState = 'hidden';
      leave();
      shop.page.visibilityState = 'visible';
    }),
  ),
  fc.constant(
    command('another page of the shop', (model, shop) => {
      shop.client.close();
      shop.client = shop.start(model.consent);
    }),
  ),
  fc.boolean().map((consent) =>
    command(`consent is ${consent}`, (model, shop) => {
      shop.client.setConsent(consent);
      model.consent = consent;
      if (!consent) model.tracked = [];
    }),
  ),
];

const listeners = new Set<() => void>();
const leave = () => {
  for (const listener of listeners) listener();
};
const page = { visibilityState: 'visible' };
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => listeners.add(listener));
  vi.stubGlobal('removeEventListener', (_: string, listener: () => void) => listeners.delete(listener));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('whatever pages, consent and the network do: what was tracked arrives once, in its order, or is told as lost', async () => {
  let arrived = 0;
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (drawn) => {
      listeners.clear();
      const shop = new Shop(page);
      const model: Model = { consent: true, tracked: [] };
      await fc.asyncModelRun(() => ({ model, real: shop }), drawn);
      shop.way = 'ok';
      shop.release('ok');
      // Longer than any wait that the API may ask for.
      await vi.advanceTimersByTimeAsync(90_000_000);
      const missing = model.tracked.filter((id) => !shop.taken.has(id) && !shop.lost.has(id));
      expect(missing).toEqual([]);
      const inOrder = [...shop.taken.keys()].filter((id) => model.tracked.includes(id));
      expect(inOrder).toEqual(model.tracked.filter((id) => shop.taken.has(id)));
      expect(inOrder).toEqual([...inOrder].sort());
      expect(new Set([...shop.taken.values()]).size).toBe(shop.taken.size);
      expect(kept(shop)).toEqual([]);
      expect(shop.tooMuch).toBe(0);
      shop.client.close();
      arrived += inOrder.length;
    }),
    { numRuns: 60 },
  );
  expect(arrived).toBeGreaterThan(100);
}, 60_000);

it('events go again when consent comes back after it was taken while the API could not be reached', async () => {
  const shop = new Shop(page);
  shop.way = 'offline';
  shop.client.track({ itemId: 'before', type: 'view' });
  await vi.advanceTimersByTimeAsync(1000);
  shop.client.setConsent(false);
  await vi.advanceTimersByTimeAsync(90_000);
  shop.way = 'ok';
  shop.client.setConsent(true);
  shop.client.track({ itemId: 'after', type: 'view' });
  await vi.advanceTimersByTimeAsync(2000);
  expect([...shop.taken.values()]).toEqual(['after']);
  shop.client.close();
});

it('two pages that are open at once keep each other’s events', async () => {
  const shop = new Shop(page);
  shop.way = 'offline';
  const other = shop.start(true);
  const ids = [
    shop.client.track({ itemId: 'a', type: 'view' }),
    other.track({ itemId: 'b', type: 'view' }),
    shop.client.track({ itemId: 'c', type: 'view' }),
  ];
  expect(kept(shop).map(({ id }) => id)).toEqual(ids);
  other.close();
  shop.way = 'ok';
  await shop.client.flush();
  expect(kept(shop).map(({ id }) => id)).toEqual([ids[1]]);
  shop.client.close();
  shop.client = shop.start(true);
  await shop.client.flush();
  expect([...shop.taken.keys()].sort()).toEqual(ids);
  shop.client.close();
});

it('ids of one millisecond are in the order in which they were made', () => {
  const ids = Array.from({ length: 2000 }, () => newEventId(1_790_000_000_000));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(2000);
});

it('a list is asked for without saying for whom where nobody agreed', async () => {
  const shoppers: string[] = [];
  const storage = memoryStorage();
  storage.setItem('tenantry.shopper', 'anon_before');
  const client = init({
    key: 'pk_1',
    url: 'http://shop.test',
    consent: false,
    shopperId: 'known',
    storage,
    fetch: async (_, request) => {
      shoppers.push((JSON.parse(String(request?.body)) as { shopperId: string }).shopperId);
      return new Response('{}');
    },
  });
  await client.recommend();
  await client.recommend();
  await client.recommend({ shopperId: 'the shop’s own decision' });
  expect(new Set(shoppers).size).toBe(3);
  expect(shoppers.filter((shopper) => /^anon_[0-9a-f-]{36}$/.test(shopper))).toHaveLength(2);
  client.close();
});
