import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forgettable } from './retention.ts';

const trained = (version: string) => ({ version, madeBy: 'training' }) as const;
const merge = (version: string, base: string) => ({ version, madeBy: 'merge', base }) as const;

it('as many trained models stay as the tier keeps, however many merges there are', () => {
  const registered = [
    merge('m3', 't3'),
    merge('m2', 't3'),
    merge('m1', 't3'),
    trained('t3'),
    trained('t2'),
    trained('t1'),
  ];
  expect(forgettable(registered, { keep: 2, needed: ['m3'] })).toEqual(['m1', 't1']);
});

it('what serves stays however old it is, and so does the model that it was merged into', () => {
  const registered = [trained('t9'), trained('t8'), merge('m1', 't1'), trained('t1'), trained('t0')];
  expect(forgettable(registered, { keep: 2, needed: ['m1'] })).toEqual(['t0']);
  expect(forgettable(registered, { keep: 2, needed: ['t0'] })).toEqual(['m1', 't1']);
});

it('nothing that is needed is let go of, and what is done twice does nothing the second time', () => {
  const version = fc.nat({ max: 30 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ version, base: fc.option(version, { nil: undefined }) }), {
        selector: ({ version: one }) => one,
      }),
      fc.integer({ min: 2, max: 5 }),
      version,
      (drawn, keep, needed) => {
        const all = drawn
          .sort((a, b) => b.version - a.version)
          .map(({ version: one, base }) =>
            base === undefined || base >= one ? trained(`v${one}`) : merge(`v${one}`, `v${base}`),
          );
        const gone = forgettable(all, { keep, needed: [`v${needed}`] });
        expect(gone).not.toContain(`v${needed}`);
        const left = all.filter((model) => !gone.includes(model.version));
        const kept = left.filter(({ madeBy }) => madeBy === 'training').length;
        expect(kept).toBeGreaterThanOrEqual(Math.min(keep, all.filter(({ madeBy }) => madeBy === 'training').length));
        expect(forgettable(left, { keep, needed: [`v${needed}`] })).toEqual([]);
      },
    ),
  );
});
