import { emptySnapshot } from '@tenantry/core/catalogue/snapshot';
import {
  type RecommendationRequest,
  recommendationRequestSchema,
  scenarioNames,
} from '@tenantry/core/contract/recommendation';
import { type Experiment, experimentPlanSchema } from '@tenantry/core/experiment/experiment';
import { newId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyModel, type Model, type RankRequest } from '../model/model.ts';
import { type ListSources, listPage } from './list.ts';

/** Ranks `i0`, `i1`, … in this order, and keeps what it was asked. */
function rankingModel(items: number, asked: RankRequest[] = []): Model {
  const all = Array.from({ length: items }, (_, index) => `i${index}`);
  return {
    version: 'v1',
    algorithm: 'fixed',
    items,
    rank(request) {
      asked.push(request);
      return all
        .filter((itemId) => !request.exclude.includes(itemId) && (request.accept?.(itemId) ?? true))
        .slice(0, request.limit)
        .map((itemId, place) => ({ itemId, score: 1 / (1 + place), reason: 'popular' as const }));
    },
  };
}
const request = (fields: object) => recommendationRequestSchema.parse({ shopperId: 's', ...fields });
const page = (asked: RecommendationRequest, sources: Partial<ListSources>) =>
  listPage(asked, { history: [], model: emptyModel, catalogue: emptySnapshot, now: new Date(0), ...sources });
const idsOf = ({ items }: { items: readonly { itemId: string }[] }) => items.map(({ itemId }) => itemId);

describe('a page of a list', () => {
  it('follows the page before without a gap or a repeat, whatever the size of the pages, and says where the list ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 25 }), (items, limit) => {
        const model = rankingModel(items);
        const seen: string[] = [];
        for (let offset: number | null = 0; offset !== null; ) {
          const one = page(request({ limit, offset }), { model });
          seen.push(...idsOf(one));
          offset = one.nextOffset;
        }
        expect(seen).toEqual(Array.from({ length: items }, (_, index) => `i${index}`));
      }),
    );
  });

  it('asks the model for the scenario with what it is about', () => {
    const asked: RankRequest[] = [];
    const model = rankingModel(3, asked);
    page(request({ scenario: 'similar', itemId: 'a' }), { model });
    page(request({ scenario: 'cart', cart: ['a', 'b'] }), { model });
    page(request({}), { history: [{ itemId: 'c', type: 'view' }], model });
    expect(asked.map(({ scenario, about, history }) => [scenario, about, history.length])).toEqual([
      ['similar', ['a'], 0],
      ['cart', ['a', 'b'], 0],
      ['personal', [], 1],
    ]);
  });

  it('leaves out what was bought only when that is asked', () => {
    const history = [
      { itemId: 'i0', type: 'purchase' },
      { itemId: 'i1', type: 'view' },
    ] as const;
    expect(idsOf(page(request({ limit: 3 }), { history, model: rankingModel(4) }))).toEqual(['i0', 'i1', 'i2']);
    const without = request({ limit: 3, excludePurchased: true });
    expect(idsOf(page(without, { history, model: rankingModel(4) }))).toEqual(['i1', 'i2', 'i3']);
  });

  it('of what was viewed lately has each item once, newest first, and needs no model', () => {
    const history = ['c', 'a', 'c', 'b', 'a'].map((itemId) => ({ itemId, type: 'view' as const }));
    const viewed = page(request({ scenario: 'recently-viewed', exclude: ['b'] }), {
      history: [{ itemId: 'bought', type: 'purchase' }, ...history],
    });
    expect(idsOf(viewed)).toEqual(['c', 'a']);
    expect(viewed).toMatchObject({ modelVersion: 'none', nextOffset: null });
  });
});

describe('a list of an experiment about models', () => {
  const version = newId('model');
  const experiment: Experiment = {
    experimentId: newId('experiment'),
    plan: experimentPlanSchema.parse({
      name: 'x',
      variants: [
        { name: 'serving', percent: 1 },
        { name: 'candidate', percent: 99, model: version },
      ],
    }),
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    winner: null,
    candidate: { version, sha256: '' },
  };
  const catalogue = { ...emptySnapshot, experiment };
  const candidate = { ...rankingModel(9), version };
  const shoppers = Array.from({ length: 300 }, (_, n) => `s${n}`);
  const pages = (sources: Partial<ListSources>) =>
    shoppers.map((shopperId) => page(request({ shopperId }), { model: rankingModel(3), catalogue, ...sources }));

  it('is ranked by the model of the shopper’s variant', () => {
    const counts = { serving: 0, candidate: 0 };
    for (const { variant, modelVersion, items } of pages({ candidate })) {
      const name = variant.endsWith(':candidate') ? 'candidate' : 'serving';
      counts[name] += 1;
      expect([modelVersion, items.length]).toEqual(name === 'candidate' ? [version, 9] : ['v1', 3]);
    }
    expect(counts.candidate).toBeGreaterThan(280);
    expect(counts.serving).toBeGreaterThan(0);
  });

  it('is as usual, and counts for no variant, where that model is not there or is another', () => {
    for (const sources of [{}, { candidate: { ...candidate, version: 'v0' } }]) {
      const lists = pages(sources).filter(({ variant }) => !variant.endsWith(':serving'));
      expect(lists.length).toBeGreaterThan(280);
      expect(new Set(lists.map(({ variant, modelVersion }) => `${variant} ${modelVersion}`))).toEqual(
        new Set(['none v1']),
      );
    }
  });
});

describe('a request for a list', () => {
  const fieldOf = (fields: object) => {
    const parsed = recommendationRequestSchema.safeParse({ shopperId: 's', ...fields });
    return parsed.success ? 'none' : parsed.error.issues.map(({ path }) => path.join('.')).join();
  };
  it.each([
    ['an unknown scenario', { scenario: 'best' }, 'scenario'],
    ['no item where the scenario is about one', { scenario: 'similar' }, 'itemId'],
    ['an item where the scenario is about none', { itemId: 'a' }, 'itemId'],
    ['no cart for the cart', { scenario: 'cart' }, 'cart'],
    ['a cart of 10,000 items', { scenario: 'cart', cart: Array(10_000).fill('a') }, 'cart'],
    ['a page that lies too deep', { offset: 450, limit: 100 }, 'offset'],
    ['a negative page', { offset: -1 }, 'offset'],
    ['half an item', { limit: 1.5 }, 'limit'],
  ])('with %s is refused by the field', (_, fields, field) => {
    expect(fieldOf(fields)).toBe(field);
  });

  it('is taken for every scenario with what it needs', () => {
    const needs = { similar: { itemId: 'a' }, 'bought-together': { itemId: 'a' }, cart: { cart: ['a'] } } as const;
    for (const scenario of scenarioNames) {
      expect(fieldOf({ scenario, ...(scenario in needs ? needs[scenario as keyof typeof needs] : {}) })).toBe('none');
    }
  });
});
