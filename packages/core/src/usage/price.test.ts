import { expect, it } from 'vitest';
import { overageAmount, overageUnits } from './price.ts';

it('charges nothing up to what is included, and each unit beyond it', () => {
  const terms = { included: 1000, overage: '2' };
  expect(overageAmount(0, terms)).toBe(0);
  expect(overageAmount(1000, terms)).toBe(0);
  expect(overageAmount(1001, terms)).toBe(2);
  expect(overageUnits(1001, terms)).toBe(1);
});

it('multiplies decimals exactly and rounds once, half up', () => {
  expect(overageAmount(250, { included: 0, overage: '0.002' })).toBe(1);
  expect(overageAmount(249, { included: 0, overage: '0.002' })).toBe(0);
  // As floats, 0.07 * 150 is 10.500000000000002 and 1.005 * 100 is 100.49999999999999.
  expect(overageAmount(100, { included: 0, overage: '1.005' })).toBe(101);
  expect(overageAmount(9_000_000_000_001, { included: 1, overage: '0.000000000001' })).toBe(9);
});
