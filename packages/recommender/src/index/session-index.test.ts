import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEIGHBOURS_MAX } from './co-visitation.ts';
import { type Corpus, createCorpusBuilder, sessionCount, sliceCorpus } from './corpus.ts';
import { buildIndex, mergeIndex } from './session-index.ts';

const event = fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 2 }));
const visits = fc.array(fc.array(event, { maxLength: 30, size: 'max' }), { maxLength: 40 });

function corpusOf(given: readonly (readonly (readonly [item: number, type: number])[])[]): Corpus {
  const builder = createCorpusBuilder();
  given.forEach((events, at) => {
    builder.add(
      events.map(([item]) => item),
      events.map(([, type]) => type),
      at,
    );
  });
  return builder.build();
}

describe('an index', () => {
  it('that newer sessions were merged into equals one that is built on all of them', () => {
    fc.assert(
      fc.property(visits, fc.nat({ max: 40 }), fc.nat({ max: 40 }), (given, one, other) => {
        const corpus = corpusOf(given);
        const sessions = sessionCount(corpus);
        const [first = 0, second = 0] = [Math.min(one, sessions), Math.min(other, sessions)].sort((a, b) => a - b);
        const begun = buildIndex(sliceCorpus(corpus, 0, first));
        const merged = mergeIndex(
          mergeIndex(begun, sliceCorpus(corpus, first, second)),
          sliceCorpus(corpus, second, sessions),
        );
        expect(merged).toEqual(buildIndex(corpus));
      }),
    );
  });

  it('holds for each item its best neighbours, by what every pair of events of a session adds', () => {
    fc.assert(
      fc.property(visits, (given) => {
        const { symmetric, forward } = buildIndex(corpusOf(given));
        const around = new Map<string, number>();
        const after = new Map<string, number>();
        const add = (to: Map<string, number>, item: number, other: number, weight: number): void => {
          to.set(`${item} ${other}`, (to.get(`${item} ${other}`) ?? 0) + weight);
        };
        for (const events of given) {
          events.forEach(([item], at) => {
            events.forEach(([other, type], place) => {
              const distance = Math.abs(place - at);
              if (item === other || distance === 0 || distance > 10) return;
              add(around, item, other, (type + 1) / distance);
              if (place > at) add(after, item, other, (type + 1) / distance);
            });
          });
        }
        for (const [rows, sums] of [
          [symmetric, around],
          [forward, after],
        ] as const) {
          for (let item = 0; item + 1 < rows.starts.length; item++) {
            const expected = [...sums]
              .filter(([pair]) => pair.startsWith(`${item} `))
              .map(([pair, sum]) => ({ other: Number(pair.split(' ')[1]), sum: Math.fround(sum) }))
              .sort((a, b) => b.sum - a.sum);
            const weights = Array.from(rows.weights.slice(rows.starts[item], rows.starts[item + 1]));
            expect(weights).toHaveLength(Math.min(NEIGHBOURS_MAX, expected.length));
            weights.forEach((weight, rank) => {
              expect(weight).toBeCloseTo(expected[rank]?.sum ?? Number.NaN, 4);
              const other = rows.items[(rows.starts[item] ?? 0) + rank];
              expect(weight).toBeCloseTo(sums.get(`${item} ${other}`) ?? Number.NaN, 4);
            });
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it('knows the sessions of each item, each once and the newest thousand at most', () => {
    const { postings } = buildIndex(
      corpusOf(
        Array.from(
          { length: 1500 },
          () =>
            [
              [0, 0],
              [1, 0],
              [0, 0],
            ] as const,
        ),
      ),
    );
    expect(Array.from(postings.sessions.slice(0, postings.starts[1]))).toEqual(
      Array.from({ length: 1000 }, (_, at) => 500 + at),
    );
  });
});
