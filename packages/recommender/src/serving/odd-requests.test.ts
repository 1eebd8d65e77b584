import { emptySnapshot, type Snapshot } from '@tenantry/core/catalogue/snapshot';
import {
  recommendationRequestSchema,
  recommendationSchema,
  scenarioNames,
  scenarioSubjects,
} from '@tenantry/core/contract/recommendation';
import { fieldErrors } from '@tenantry/core/errors/field-errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../model/model-file.ts';
import { loadModel } from '../model/session-model.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { trainOnSessions } from '../training/train.ts';
import { listPage } from './list.ts';

const model = loadModel(encodeModel(trainOnSessions(sessionsOf(shelvedVisits(1500, 3)), { version: 'v' })));
const catalogue: Snapshot = {
  ...emptySnapshot,
  items: new Map([
    ['sku-1', { id: 'sku-1', available: true, category: ['Lamps'], attributes: { colour: 'red', watts: 8 } }],
    ['sku-2', { id: 'sku-2', available: false }],
  ]),
};
const listed = (input: unknown, history: readonly string[] = []) => {
  const parsed = recommendationRequestSchema.safeParse(input);
  if (!parsed.success) return { fields: fieldErrors(parsed.error).map(({ field }) => field) };
  const sources = { history: history.map((itemId) => ({ itemId, type: 'view' as const })), model, catalogue };
  const page = listPage(parsed.data, { ...sources, now: new Date(0) });
  recommendationSchema.parse({ recommendationId: 'rec_1', servedBy: 'pool', ...page });
  return { page };
};

const itemId = fc.constantFrom('sku-1', 'sku-2', 'sku-3', 'nobody-has-this', '__proto__', 'constructor');
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(JSON.parse('1e999'), 1e300, -1, 0.5, 'x'.repeat(9000)),
  itemId,
);
const sensible = {
  shopperId: fc.constantFrom('s', 'toString'),
  scenario: fc.constantFrom(...scenarioNames),
  itemId,
  cart: fc.array(itemId, { minLength: 1, maxLength: 4 }),
  limit: fc.integer({ min: 1, max: 100 }),
  offset: fc.integer({ min: 0, max: 400 }),
  exclude: fc.array(itemId, { maxLength: 4 }),
  excludePurchased: fc.boolean(),
  filters: fc.record(
    {
      categories: fc.constant([['Lamps']]),
      price: fc.record({ currency: fc.constant('EUR'), min: fc.nat() }),
      attributes: fc.dictionary(
        fc.constantFrom('colour', 'watts', 'a'),
        fc.oneof(fc.record({ equals: itemId }), fc.record({ min: fc.integer() }), anything),
      ),
    },
    { requiredKeys: [] },
  ),
  maxPerCategory: fc.integer({ min: 1, max: 3 }),
};

describe('whatever a list is asked for', () => {
  it('there is a list, or the name of the field that is wrong', () => {
    const fields = Object.keys(sensible) as (keyof typeof sensible)[];
    const oneOdd = fc.tuple(
      fc.record(sensible, { requiredKeys: ['shopperId'] }),
      fc.subarray(fields, { maxLength: 2 }),
      anything,
    );
    let answered = 0;
    fc.assert(
      fc.property(oneOdd, fc.array(itemId, { maxLength: 6 }), ([request, odd, value], history) => {
        const subject = scenarioSubjects[request.scenario ?? 'personal'];
        const { itemId: _item, cart: _cart, ...others } = request;
        const about = subject ? { [subject]: request[subject] ?? (subject === 'cart' ? ['sku-1'] : 'sku-2') } : {};
        const changed = { ...others, ...about, ...Object.fromEntries(odd.map((field) => [field, value])) };
        const { page, fields: named } = listed(changed, history);
        if (page) answered += 1;
        else expect(named?.every((field) => fields.some((known) => field.split('.')[0] === known))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(answered).toBeGreaterThan(100);
  });

  it.each([
    ['an unknown scenario', { scenario: 'magic' }, 'scenario'],
    ['a prefix of 10,000 items', { scenario: 'cart', cart: Array(10_000).fill('sku-1') }, 'cart'],
    ['10,000 items to leave out', { exclude: Array(10_000).fill('sku-1') }, 'exclude'],
    ['infinitely many', { limit: JSON.parse('1e999') }, 'limit'],
    ['a filter that is none', { filters: 'price < 10' }, 'filters'],
    ['an attribute’s filter that is none', { filters: { attributes: { colour: 'red' } } }, 'filters.attributes.colour'],
    [
      'a filter on what cannot be an attribute',
      { filters: { attributes: { 'a.b': { equals: 1 } } } },
      'filters.attributes.a.b',
    ],
    ['a number as shopper', { shopperId: 7 }, 'shopperId'],
  ])('%s is refused by the field’s name', (_, change, field) => {
    expect(listed({ shopperId: 's', ...change }).fields).toContain(field);
  });

  it('items and attributes that nobody knows are no error: they match nothing, and the list is filled with what is popular', () => {
    expect(listed({ shopperId: 's', scenario: 'similar', itemId: 'nobody-has-this' }).page?.items.length).toBe(20);
    expect(listed({ shopperId: 's', filters: { attributes: { unheard_of: { equals: 1 } } } }).page?.items).toEqual([]);
    expect(listed({ shopperId: 's' }, ['nobody-has-this', '__proto__']).page?.items.length).toBe(20);
  });

  it('the longest of what is taken is answered in the time of any other', () => {
    const cart = Array.from({ length: 100 }, (_, at) => `sku-${at}`);
    const exclude = Array.from({ length: 200 }, (_, at) => `sku-${at + 100}`);
    const began = performance.now();
    for (let time = 0; time < 20; time++)
      listed({ shopperId: 's', scenario: 'cart', cart, exclude, limit: 100, offset: 400 });
    expect((performance.now() - began) / 20).toBeLessThan(200);
  });
});
