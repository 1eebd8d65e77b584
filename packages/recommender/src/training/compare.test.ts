import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceCorpus } from '../index/corpus.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { compareModels, holdOut, knownUntil } from './compare.ts';
import type { TimedSessions } from './sessions.ts';
import { trainOnSessions } from './train.ts';

const options = { version: 'v' };
const timed = (sessions: ReturnType<typeof sessionsOf>): TimedSessions => ({
  ...sessions,
  began: sessions.corpus.endedAt,
});
const before = (sessions: TimedSessions, cut: number) => ({
  corpus: sliceCorpus(sessions.corpus, 0, cut),
  itemIds: sessions.itemIds,
});

describe('the sessions that are set aside', () => {
  it('began after the last that the other model knows, and are of the latest day where that has enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat({ max: 6000 * 60 }), (count, known) => {
        const sessions = timed(sessionsOf(Array.from({ length: count }, (_, at) => [at % 7, (at + 1) % 7, at % 5])));
        const heldOut = holdOut(sessions, known);
        if (!heldOut) return;
        const { endedAt, starts } = sessions.corpus;
        expect(heldOut.sessions.every((session) => session >= heldOut.cut && (endedAt[session] ?? 0) > known)).toBe(
          true,
        );
        expect(heldOut.sessions).toEqual(heldOut.sessions.toSorted((a, b) => a - b));
        expect(heldOut.queries).toBeGreaterThanOrEqual(50);
        expect(starts[heldOut.cut] ?? 0).toBeGreaterThan(0.6 * sessions.corpus.items.length);
        const newest = endedAt.at(-1) ?? 0;
        const ofTheDay = heldOut.sessions.every((session) => (endedAt[session] ?? 0) > newest - 86_400);
        expect(ofTheDay).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are of the days before, too, where the latest day has too few', () => {
    const days = Array.from({ length: 400 }, (_, at) => [at % 7, (at + 1) % 7]);
    const { corpus, itemIds } = sessionsOf(days);
    const daily = { ...corpus, endedAt: corpus.endedAt.map((_, at) => at * 43_200) };
    const heldOut = holdOut({ corpus: daily, itemIds, began: daily.endedAt }, 0);
    expect(heldOut?.cut).toBeLessThan(400 - 3);
    expect(holdOut({ corpus: daily, itemIds, began: daily.endedAt }, 43_200 * 395)).toBeUndefined();
  });
});

describe('two models that are asked the same', () => {
  const sessions = timed(sessionsOf(shelvedVisits(2400, 11)));
  const known = 1500;
  const serving = trainOnSessions(before(sessions, known), options);
  const heldOut = holdOut(sessions, knownUntil(serving));
  if (!heldOut) throw new Error('There is too little to ask.');
  const candidate = trainOnSessions(before(sessions, heldOut.cut), options);
  const rivalry = compareModels(sessions, heldOut, { candidate, serving });

  it('do not differ by more than chance where shoppers do as they always did', () => {
    expect(rivalry.queries).toBe(heldOut.queries);
    expect(rivalry.candidate).toBeGreaterThan(0.3);
    expect(rivalry.difference.low).toBeLessThan(0);
    expect(rivalry.difference.high).toBeGreaterThan(0);
    expect(rivalry.onlyCandidate - rivalry.onlyServing).toBe(
      Math.round((rivalry.candidate - rivalry.serving) * rivalry.queries),
    );
  });

  it('are told apart when one has learnt nonsense', () => {
    const { network } = candidate;
    if (!network) throw new Error('The candidate has no network.');
    const { direct, output } = network;
    const opposite = { ...network, direct: direct.map((weight) => -weight), output: output.map((weight) => -weight) };
    const nonsense = { ...candidate, network: opposite };
    const worse = compareModels(sessions, heldOut, { candidate: nonsense, serving });
    expect(worse.difference.high).toBeLessThan(0);
    expect(worse.onlyServing).toBeGreaterThan(worse.onlyCandidate);
  });

  // Too few for a network, which would take its time.
  const few = shelvedVisits(200, 11);

  it('come to the same whatever numbers their items have', () => {
    const shop = timed(sessionsOf(few));
    const highest = Math.max(...few.flat());
    const other = sessionsOf(few.map((visit) => visit.map((item) => highest - item)));
    const mirrored = timed({ ...other, itemIds: other.itemIds.map((_, item) => `sku-${highest - item}`) });
    const set = holdOut(shop, shop.began[120] ?? 0);
    if (!set) throw new Error('There is too little to ask.');
    const ask = (ofServing: TimedSessions) =>
      compareModels(shop, set, {
        candidate: trainOnSessions(before(shop, set.cut), options),
        serving: trainOnSessions(before(ofServing, 121), options),
      });
    const same = ask(shop);
    // Of equal scores the smaller number comes first, so that a few may differ.
    expect(Math.abs(ask(mirrored).serving - same.serving)).toBeLessThan(0.03);
    expect(same).toMatchObject({ onlyCandidate: 0, onlyServing: 0, queries: set.queries });
  });

  it('know the same: the one that serves is given what came before the questions', () => {
    // From then on shoppers look at shelves that it has never seen.
    const known = 100;
    const moved = timed(sessionsOf(few.map((visit, at) => (at < known ? visit : visit.map((item) => item % 50)))));
    const set = holdOut(moved, moved.began[known - 1] ?? 0);
    if (!set) throw new Error('There is too little to ask.');
    const result = compareModels(moved, set, {
      candidate: trainOnSessions(before(moved, set.cut), options),
      serving: trainOnSessions(before(moved, known), options),
    });
    expect(result.serving).toBeGreaterThan(0.4);
    expect(result).toMatchObject({ onlyCandidate: 0, onlyServing: 0 });
  });
});
