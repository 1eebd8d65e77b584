import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prefix } from '../ranking/evidence.ts';
import type { Ranking } from '../ranking/rank-items.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { evaluate, queriesOf } from './evaluate.ts';
import { createRandom } from './random.ts';

const listOf = (items: readonly number[]): Ranking => ({
  count: items.length,
  items: Uint32Array.from(items),
  scores: new Float32Array(items.length),
});

const { corpus } = sessionsOf(shelvedVisits(3000, 1));
const queries = [...queriesOf(corpus)];

describe('the measure of quality', () => {
  it('gives a model that always knows what comes next 100 of 100', () => {
    let at = 0;
    const knowing = (): Ranking => listOf([queries[at++]?.next ?? -1, 1, 2, 3]);
    expect(evaluate(knowing, queries)).toMatchObject({
      hr20: 1,
      mrr20: 1,
      novelHr20: 1,
      novelMrr20: 1,
      queries: queries.length,
    });
  });

  it('gives a model that draws lots what chance gives', () => {
    const random = createRandom(7);
    const lots = (): Ranking => {
      const drawn = new Set<number>();
      while (drawn.size < 20) drawn.add(Math.floor(random() * corpus.itemCount));
      return listOf([...drawn]);
    };
    const { hr20, mrr20 } = evaluate(lots, queries);
    const chance = 20 / corpus.itemCount;
    const harmonic = Array.from({ length: 20 }, (_, at) => 1 / (at + 1)).reduce((sum, each) => sum + each, 0);
    expect(Math.abs(hr20 - chance)).toBeLessThan(4 * Math.sqrt(chance / queries.length));
    expect(Math.abs(mrr20 - harmonic / corpus.itemCount)).toBeLessThan(0.002);
  });

  it('counts what is twentieth, and nothing beyond', () => {
    const [query] = queries;
    if (!query) throw new Error('no query');
    const others = Array.from({ length: 30 }, (_, at) => corpus.itemCount + at);
    const placed = (place: number) => () => listOf([...others.slice(0, place - 1), query.next, ...others.slice(place)]);
    expect(evaluate(placed(20), [query])).toMatchObject({ hr20: 1, mrr20: 1 / 20 });
    expect(evaluate(placed(21), [query])).toMatchObject({ hr20: 0, mrr20: 0 });
  });

  it('leaves what was in the prefix out of the list where something new came next', () => {
    const prefix: Prefix = { items: Uint32Array.of(5, 6), types: new Uint8Array(2), length: 2 };
    expect(evaluate(() => listOf([5, 6, 7]), [{ prefix, next: 7 }])).toMatchObject({ mrr20: 1 / 3, novelMrr20: 1 });
    expect(evaluate(() => listOf([5, 6, 7]), [{ prefix, next: 6 }])).toMatchObject({ mrr20: 1 / 2, novelQueries: 0 });
  });

  it('asks for every event but the first of each session, with what came before it', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 6 }), { maxLength: 8 }), (visits) => {
        const asked = [...queriesOf(sessionsOf(visits).corpus)].map(({ prefix, next }) => [...prefix.items, next]);
        expect(asked).toEqual(visits.flatMap((items) => items.slice(1).map((_, at) => items.slice(0, at + 2))));
      }),
    );
  });
});
