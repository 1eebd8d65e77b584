import { describe, expect, it } from 'vitest';
import { parseModelRow } from './model-registry.ts';
import { type Asked, gateRefusal, judge } from './promotion.ts';

const asked = (low: number, high: number): Asked => ({
  queries: 1000,
  window: { from: 1_790_000_000, to: 1_790_086_400 },
  candidate: 0.15,
  serving: 0.2,
  onlyCandidate: 10,
  onlyServing: 60,
  difference: { value: (low + high) / 2, low, high },
});

describe('the gate before a new model serves', () => {
  it.each([
    ['better', asked(0.01, 0.05)],
    ['as good', asked(-0.01, 0.01)],
    ['worse by no more than chance', asked(-0.08, 0.001)],
    ['of which too little is known', undefined],
  ])('lets through one that is %s', (_, given) => {
    const comparison = judge('mdl_before', given);
    expect(comparison.outcome).toBe(given ? 'notWorse' : 'tooFew');
    expect(gateRefusal({ comparison })).toBeUndefined();
  });

  it('holds back one that is worse by more than chance, and says by how much', () => {
    const comparison = judge('mdl_before', asked(-0.08, -0.02));
    expect(comparison).toMatchObject({ outcome: 'worse', against: 'mdl_before', queries: 1000 });
    expect(comparison.window?.to).toBe('2026-09-22T14:13:20.000Z');
    expect(gateRefusal({ comparison })).toMatch(/of 1000 times .* in 15\.0 %, and in 20\.0 % of the other/);
  });

  it('lets through the first model', () => {
    expect(gateRefusal({})).toBeUndefined();
  });
});

it('a row of before data windows, parameters and comparisons were kept is read as a trained model', () => {
  const old = {
    version: 'mdl_1',
    createdAt: '2026-01-01T00:00:00.000Z',
    events: 1,
    items: 1,
    bytes: 1,
    algorithm: 'a/1',
    sha256: '',
    quality: { hr20: 0.1, mrr20: 0, novelHr20: 0, novelMrr20: 0, queries: 5, novelQueries: 5 },
  };
  expect(parseModelRow({ pk: 'x', sk: 'y', ...old })).toEqual({ ...old, madeBy: 'training', parameters: {} });
});
