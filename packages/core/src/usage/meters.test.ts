import { expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { meterNames } from './meter-name.ts';
import { meters, unitsOf, wholeUnitsOf } from './meters.ts';
import { reportItem } from './report-row.ts';

it('are the meters that there are names for, with whole steps that add up to units', () => {
  expect(Object.keys(meters).toSorted()).toEqual([...meterNames].toSorted());
  for (const meter of meterNames) {
    const { stepsPerUnit } = meters[meter];
    expect(Number.isInteger(stepsPerUnit) && stepsPerUnit > 0).toBe(true);
    expect(unitsOf(meter, 3 * stepsPerUnit)).toBe(3);
    expect(wholeUnitsOf(meter, 2 * stepsPerUnit - 1)).toBe(1);
  }
});

it('have names and identifiers of reports that Stripe takes', () => {
  const report = (revision: number, now: Date) =>
    reportItem({
      tenantId: newId('tenant'),
      meter: 'recommendations_served',
      hour: '2026-11-20T10',
      revision,
      units: 1,
      now,
    });
  for (const meter of meterNames) expect(meter).toMatch(/^[a-z_]{1,100}$/);
  expect(report(999_999, new Date()).identifier.length).toBeLessThan(95);
  // Within the hour, and never in the future.
  expect(report(1, new Date('2026-11-21T00:00:00.000Z')).at).toBe('2026-11-20T10:59:59.000Z');
  expect(report(1, new Date('2026-11-20T10:20:00.000Z')).at).toBe('2026-11-20T10:20:00.000Z');
});
