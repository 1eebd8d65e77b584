import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { comparesModels, type Experiment, experimentPlanSchema } from './experiment.ts';
import { treatmentFor, variantFor } from './treatment.ts';

const experimentOf = (percents: readonly number[], more: Partial<Experiment> = {}): Experiment => ({
  experimentId: newId('experiment'),
  plan: experimentPlanSchema.parse({
    name: 'Which is better',
    variants: percents.map((percent, n) => ({ name: `v${n}`, percent, maxPerCategory: n + 1 })),
  }),
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  winner: null,
  candidate: null,
  ...more,
});
const plans = fc.constantFrom([50, 50], [1, 99], [90, 10], [25, 25, 25, 25], [60, 30, 10]);
const SHOPPERS = 4000;
const shoppers = Array.from({ length: SHOPPERS }, (_, n) => `shopper-${n}`);
const countOf = (experiment: Experiment, among: readonly string[], name: string): number =>
  among.filter((shopperId) => variantFor(experiment, shopperId)?.name === name).length;

describe('the variant of a shopper', () => {
  it('is always one of the plan, and the same whenever it is asked', () => {
    fc.assert(
      fc.property(plans, fc.string({ maxLength: 128 }), (percents, shopperId) => {
        const experiment = experimentOf(percents);
        const variant = variantFor(experiment, shopperId);
        expect(variant).toBeDefined();
        expect(variantFor(structuredClone(experiment), shopperId)).toEqual(variant);
      }),
    );
  });

  it('goes to as many of a hundred as the plan says', () => {
    fc.assert(
      fc.property(plans, (percents) => {
        const experiment = experimentOf(percents);
        percents.forEach((percent, n) => {
          const share = percent / 100;
          // Five standard deviations: chance alone goes beyond once in millions.
          const far = 5 * Math.sqrt(SHOPPERS * share * (1 - share));
          expect(Math.abs(countOf(experiment, shoppers, `v${n}`) - SHOPPERS * share)).toBeLessThan(far);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('of one experiment says nothing of the next', () => {
    const [one, other] = [experimentOf([50, 50]), experimentOf([50, 50])];
    const first = shoppers.filter((shopperId) => variantFor(one, shopperId)?.name === 'v0');
    const both = countOf(other, first, 'v0');
    expect(Math.abs(both - first.length / 2)).toBeLessThan(5 * Math.sqrt(first.length / 4));
  });
});

describe('a list', () => {
  it('is made as usual without an experiment, in lists that it is not about, and once it has ended without a winner', () => {
    const usual = { variant: 'none', rules: true, maxPerCategory: undefined };
    const experiment = experimentOf([50, 50]);
    const about: Experiment = { ...experiment, plan: { ...experiment.plan, scenarios: ['cart'] } };
    expect(treatmentFor(null, 'personal', 's')).toEqual(usual);
    expect(treatmentFor(about, 'personal', 's')).toEqual(usual);
    expect(treatmentFor({ ...experiment, endedAt: '2026-02-01T00:00:00.000Z' }, 'personal', 's')).toEqual(usual);
    expect(treatmentFor(about, 'cart', 's').variant).toMatch(/^xpr_.*:v[01]$/);
  });

  it('is made as the winner says for everybody once the experiment has ended', () => {
    const ended = experimentOf([1, 99], { endedAt: '2026-02-01T00:00:00.000Z', winner: 'v0' });
    const all = new Set(shoppers.map((shopperId) => JSON.stringify(treatmentFor(ended, 'personal', shopperId))));
    expect([...all].map((one) => JSON.parse(one))).toEqual([{ variant: 'none', rules: true, maxPerCategory: 1 }]);
  });
});

it.each([
  ['comes to 99 percent', [50, 49]],
  ['has one variant', [100]],
  ['has five variants', [20, 20, 20, 20, 20]],
])('a plan that %s is refused', (_, percents) => {
  const variants = percents.map((percent, n) => ({ name: `v${n}`, percent }));
  expect(experimentPlanSchema.safeParse({ name: 'x', variants }).success).toBe(false);
});

describe('an experiment about models', () => {
  const [one, other] = [newId('model'), newId('model')];
  const plan = (...models: readonly (string | undefined)[]) =>
    experimentPlanSchema.safeParse({
      name: 'x',
      variants: models.map((model, n) => ({ name: `v${n}`, percent: 50, ...(model ? { model } : {}) })),
    });

  it('compares one model with the one that serves', () => {
    expect(plan(undefined, one).success).toBe(true);
    expect([plan(one, other), plan(one, one), plan(undefined, 'mdl_x')].map(({ success }) => success)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('gives a shopper the model of its variant while it runs, and nobody afterwards: what won serves', () => {
    const parsed = plan(undefined, one);
    if (!parsed.success) throw new Error('The plan is refused.');
    const experiment = experimentOf([50, 50], { plan: parsed.data, candidate: { version: one, sha256: '' } });
    const ended = { ...experiment, endedAt: '2026-02-01T00:00:00.000Z', winner: 'v1' };
    for (const shopperId of shoppers.slice(0, 200)) {
      const { variant, model } = treatmentFor(experiment, 'personal', shopperId);
      expect(model).toBe(variant.endsWith(':v1') ? one : undefined);
      expect(treatmentFor(ended, 'personal', shopperId).model).toBeUndefined();
    }
    expect([comparesModels(experiment), comparesModels(ended), comparesModels(null)]).toEqual([true, false, false]);
  });
});

it('a plan with two variants of a name is refused', () => {
  const variants = [
    { name: 'a', percent: 50 },
    { name: 'a', percent: 50 },
  ];
  expect(experimentPlanSchema.safeParse({ name: 'x', variants }).success).toBe(false);
});
