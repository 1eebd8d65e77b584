import { describe, expect, it } from 'vitest';
import type { RegisteredModel } from './model-registry.ts';
import { gateRefusal } from './promotion.ts';

const model = (hr20?: number, queries = 1000): RegisteredModel => ({
  version: 'mdl_1',
  createdAt: '2026-01-01T00:00:00.000Z',
  events: 1,
  items: 1,
  bytes: 1,
  algorithm: 'a/1',
  sha256: '',
  ...(hr20 === undefined ? {} : { quality: { hr20, mrr20: 0, novelHr20: 0, novelMrr20: 0, queries, novelQueries: 0 } }),
});

describe('the gate before a new model serves', () => {
  it.each([
    ['better', model(0.3), model(0.2)],
    ['as good', model(0.2), model(0.2)],
    ['worse by no more than chance', model(0.18), model(0.2)],
    ['much worse in too few cases to tell', model(0.1, 20), model(0.3, 20)],
    ['the first', model(0.01), undefined],
    ['of unknown quality', model(), model(0.5)],
    ['after one of unknown quality', model(0.01), model()],
  ])('lets through one that is %s', (_, candidate, serving) => {
    expect(gateRefusal(candidate, serving)).toBeUndefined();
  });

  it('holds back one that is worse by more than chance, and says by how much', () => {
    expect(gateRefusal(model(0.15), model(0.2))).toMatch(/15\.0 % of 1000 cases, and in 20\.0 % of 1000 before/);
  });
});
