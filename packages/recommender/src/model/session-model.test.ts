import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCorpusBuilder } from '../index/corpus.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { trainOnSessions } from '../training/train.ts';
import type { Model, RankedScenario, RankRequest } from './model.ts';
import { encodeModel } from './model-file.ts';
import { loadModel, serveModel } from './session-model.ts';

const scenarios: readonly RankedScenario[] = [
  'personal',
  'similar',
  'bought-together',
  'trending',
  'bestsellers',
  'cart',
];

const request = (scenario: RankedScenario, change: Partial<RankRequest> = {}): RankRequest => ({
  scenario,
  history: [],
  about: [],
  limit: 5,
  exclude: [],
  ...change,
});

const views = (...itemIds: string[]): RankRequest['history'] => itemIds.map((itemId) => ({ itemId, type: 'view' }));
const ids = (model: Model, asked: RankRequest): readonly string[] => model.rank(asked).map(({ itemId }) => itemId);

/** A model of sessions whose events have types: 0 a view, 1 a cart, 2 a purchase. */
function modelOf(visits: readonly (readonly (readonly [item: number, type: number])[])[]): Model {
  const builder = createCorpusBuilder();
  visits.forEach((events, at) => {
    builder.add(
      events.map(([item]) => item),
      events.map(([, type]) => type),
      at,
    );
  });
  const corpus = builder.build();
  const itemIds = Array.from({ length: corpus.itemCount }, (_, item) => `sku-${item}`);
  return serveModel(trainOnSessions({ corpus, itemIds }, { version: 'v' }));
}

const learnt = trainOnSessions(sessionsOf(shelvedVisits(1500, 4)), { version: 'v' });

describe('a list of any scenario', () => {
  const model = serveModel(learnt);
  const item = fc.nat({ max: 1100 }).map((number) => `sku-${number}`);

  it('holds no item twice, none that is excluded or asked about, and is in order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scenarios),
        fc.array(item, { maxLength: 20 }),
        fc.array(item, { maxLength: 3 }),
        fc.array(item, { maxLength: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (scenario, history, about, exclude, limit) => {
          const list = model.rank(request(scenario, { history: views(...history), about, exclude, limit }));
          const listed = list.map(({ itemId }) => itemId);
          expect(new Set(listed).size).toBe(limit);
          expect(listed.filter((id) => exclude.includes(id))).toEqual([]);
          expect(listed.filter((id) => (scenario === 'personal' ? history : about).includes(id))).toEqual([]);
          const scores = list.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          expect(scores.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
        },
      ),
    );
  });

  it('holds what is accepted, of which it asks once each', () => {
    for (const scenario of scenarios) {
      const asked: string[] = [];
      const accept = (id: string): boolean => {
        asked.push(id);
        return Number(id.slice(4)) % 3 === 0;
      };
      const list = ids(model, request(scenario, { history: views('sku-3'), about: ['sku-4'], accept }));
      expect(list).toHaveLength(5);
      expect(list.every((id) => Number(id.slice(4)) % 3 === 0)).toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
    }
  });

  it('is the same from the model’s file, and after other lists', () => {
    const loaded = loadModel(encodeModel(learnt));
    const asked = request('personal', { history: views('sku-30', 'sku-31', 'sku-29') });
    const first = model.rank(asked);
    model.rank(request('personal', { history: views('sku-400', 'sku-30') }));
    expect(model.rank(asked)).toEqual(first);
    expect(loaded.rank(asked)).toEqual(first);
  });

  it('takes a history of ten thousand events, unknown items and empty ids', () => {
    const history = views(...Array.from({ length: 10_000 }, (_, at) => `sku-${at % 500}`), '', 'nothing');
    expect(ids(model, request('personal', { history }))).toHaveLength(5);
  });
});

describe('a personal list', () => {
  it('says which item of the history speaks most for each', () => {
    const model = modelOf([
      ...Array.from(
        { length: 5 },
        () =>
          [
            [0, 0],
            [1, 0],
          ] as const,
      ),
      // The older item of the history speaks for the first, too, but less.
      [
        [2, 0],
        [1, 0],
      ],
      [
        [2, 0],
        [3, 0],
      ],
    ]);
    const list = model.rank(request('personal', { history: views('sku-0', 'sku-2'), limit: 2 }));
    expect(list).toMatchObject([
      { itemId: 'sku-1', reason: 'co-visited', because: 'sku-0' },
      { itemId: 'sku-3', reason: 'co-visited', because: 'sku-2' },
    ]);
  });
});

describe('the other lists', () => {
  it('names as bought together what is bought in one visit rather than looked at', () => {
    const looked = Array.from(
      { length: 9 },
      () =>
        [
          [0, 0],
          [1, 0],
        ] as const,
    );
    const bought = Array.from(
      { length: 2 },
      () =>
        [
          [0, 2],
          [2, 2],
        ] as const,
    );
    const model = modelOf([...looked, ...bought]);
    for (const scenario of ['bought-together', 'cart'] as const) {
      expect(model.rank(request(scenario, { about: ['sku-0'] }))[0]).toMatchObject({
        itemId: 'sku-2',
        reason: 'bought-together',
        because: 'sku-0',
      });
    }
    expect(model.rank(request('similar', { about: ['sku-0'] }))[0]).toMatchObject({
      itemId: 'sku-1',
      reason: 'similar',
    });
    expect(model.rank(request('bestsellers'))[0]).toMatchObject({ reason: 'bestseller' });
  });

  it('names as trending what is looked at more of late, and not what always is', () => {
    const always = Array.from(
      { length: 100 },
      () =>
        [
          [0, 0],
          [1, 0],
        ] as const,
    );
    const model = modelOf([
      ...always,
      ...Array.from(
        { length: 8 },
        () =>
          [
            [0, 0],
            [2, 0],
          ] as const,
      ),
    ]);
    expect(model.rank(request('trending'))[0]).toMatchObject({ itemId: 'sku-2', reason: 'trending' });
    expect(model.rank(request('bestsellers'))[0]).toMatchObject({ itemId: 'sku-0', reason: 'popular' });
  });

  it('are filled up with what is popular where nothing is known', () => {
    const model = modelOf([
      [
        [0, 0],
        [1, 0],
        [0, 0],
      ],
    ]);
    for (const scenario of ['similar', 'bought-together', 'cart'] as const) {
      expect(model.rank(request(scenario, { about: ['nothing'] }))).toMatchObject([
        { itemId: 'sku-0', reason: 'popular' },
        { itemId: 'sku-1', reason: 'popular' },
      ]);
    }
  });
});

it('refuses a file that is cut off, of another algorithm or of other features', () => {
  const blob = encodeModel(learnt);
  expect(() => loadModel(blob.slice(0, blob.length - 64))).toThrow(/cut off/);
  const other = { ...learnt, meta: { ...learnt.meta, algorithm: 'blend/0' as 'blend/1' } };
  expect(() => loadModel(encodeModel(other))).toThrow(/blend\/0/);
  expect(learnt.network).toBeDefined();
  if (!learnt.network) return;
  const network = { ...learnt.network, hidden: learnt.network.hidden.slice(32) };
  expect(() => loadModel(encodeModel({ ...learnt, network }))).toThrow(/train it again/);
});
