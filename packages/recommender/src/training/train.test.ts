import type { BehaviourEvent } from '@tenantry/core/events/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../model/session-model.ts';
import { mergeEvents } from './merge.ts';
import { collectSessions } from './sessions.ts';
import { trainModel } from './train.ts';

async function* from(events: readonly BehaviourEvent[]): AsyncGenerator<BehaviourEvent> {
  yield* events;
}

const start = Date.parse('2026-11-01T00:00:00.000Z');
const MINUTE = 60_000;

/** Visits as lists of items, a minute between events and a day between visits. */
const eventsOf = (visits: readonly (readonly string[])[]): readonly BehaviourEvent[] =>
  visits.flatMap((items, visit) =>
    items.map(
      (itemId, at): BehaviourEvent => ({
        id: `evt_${String(visit).padStart(4, '0')}${String(at).padStart(4, '0')}`,
        shopperId: `shopper-${visit % 5}`,
        itemId,
        type: 'view',
        time: new Date(start + visit * 24 * 60 * MINUTE + at * MINUTE).toISOString(),
      }),
    ),
  );

const visits = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 20,
});

describe('sessions', () => {
  it('are the same for every order of the events, with every event once, however often it comes', async () => {
    await fc.assert(
      fc.asyncProperty(visits, fc.func(fc.nat()), async (given, shuffle) => {
        const events = eventsOf(given);
        const mixed = [...events, ...events.slice(0, 3)].sort((x, y) => shuffle(x.id) - shuffle(y.id));
        expect(await collectSessions(from(mixed))).toEqual(await collectSessions(from(events)));
        const { corpus, itemIds } = await collectSessions(from(mixed));
        const items = Array.from(corpus.items, (item) => itemIds[item]);
        expect(items.sort()).toEqual(events.map(({ itemId }) => itemId).sort());
      }),
    );
  });

  it('end after half an hour of quiet, unless the shop names them', async () => {
    const [first, second] = eventsOf([['a', 'b']]);
    if (!first || !second) throw new Error('no events');
    const later = { ...second, time: new Date(start + 31 * MINUTE).toISOString() };
    const lengths = async (...events: BehaviourEvent[]): Promise<readonly number[]> => {
      const { starts } = (await collectSessions(from(events))).corpus;
      return Array.from(starts.slice(1), (end, session) => end - (starts[session] ?? 0));
    };
    expect(await lengths(first, later)).toEqual([1, 1]);
    const named = [first, later].map((event) => ({ ...event, sessionId: 'one' }));
    expect(await lengths(...named)).toEqual([2]);
  });
});

describe('a trained model', () => {
  it('has the same bytes for the same events in any order', async () => {
    await fc.assert(
      fc.asyncProperty(visits, async (given) => {
        const events = eventsOf(given);
        const [one, other] = await Promise.all([
          trainModel(from(events), { version: 'v' }),
          trainModel(from([...events].reverse()), { version: 'v' }),
        ]);
        expect(Buffer.from(one.blob).equals(Buffer.from(other.blob))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('lists no item twice, none of the history, none that is excluded, and as many as there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        visits,
        fc.array(fc.constantFrom('a', 'b', 'c', 'nothing'), { maxLength: 3 }),
        fc.array(fc.constantFrom('c', 'd'), { maxLength: 2 }),
        fc.integer({ min: 1, max: 8 }),
        async (given, history, exclude, limit) => {
          const { blob, items } = await trainModel(from(eventsOf(given)), { version: 'v' });
          const model = loadModel(blob);
          const list = model
            .rank({
              scenario: 'personal',
              history: history.map((itemId) => ({ itemId, type: 'view' })),
              about: [],
              limit,
              exclude,
            })
            .map(({ itemId }) => itemId);
          const known = new Set<string>(given.flat());
          const left = [...new Set<string>([...history, ...exclude])].filter((item) => known.has(item));
          expect(new Set(list).size).toBe(list.length);
          expect(list.filter((item) => left.includes(item))).toEqual([]);
          expect(list).toHaveLength(Math.min(limit, items - left.length));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('puts first what was seen with the newest item of the history', async () => {
    const { blob } = await trainModel(
      from(eventsOf([...Array(5).fill(['old', 'with-old']), ...Array(5).fill(['new', 'with-new'])])),
      { version: 'v' },
    );
    const rank = (...history: string[]) =>
      loadModel(blob).rank({
        scenario: 'personal',
        about: [],
        history: history.map((itemId) => ({ itemId, type: 'view' })),
        limit: 2,
        exclude: [],
      });
    expect(rank('new', 'old').map(({ itemId }) => itemId)).toEqual(['with-new', 'with-old']);
    expect(rank('old', 'new').map(({ itemId }) => itemId)).toEqual(['with-old', 'with-new']);
  });

  it('says that there is nothing to train on rather than serving nothing', async () => {
    await expect(trainModel(from([]), { version: 'v' })).rejects.toThrow(/no events/);
  });

  it('to which newer events are added answers as one that is trained on all of them', async () => {
    await fc.assert(
      fc.asyncProperty(visits, fc.nat({ max: 20 }), async (given, at) => {
        const events = eventsOf(given);
        const older = events.filter(({ time }) => Date.parse(time) < start + at * 24 * 60 * MINUTE);
        if (older.length === 0) return;
        const { blob } = await trainModel(from(older), { version: 'older' });
        const merged = await mergeEvents(blob, from(events.slice(older.length)), { version: 'v' });
        const trained = await trainModel(from(events), { version: 'v' });
        expect(Buffer.from(merged.blob).equals(Buffer.from(trained.blob))).toBe(true);
        expect(merged).toMatchObject({ events: trained.events, items: trained.items });
      }),
      { numRuns: 40 },
    );
  });
});
