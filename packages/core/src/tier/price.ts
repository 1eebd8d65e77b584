import * as z from 'zod';
import type { MeterName } from '../usage/meter-name.ts';
import { currencies, type Interval, intervals } from './payment-choices.ts';

export { type Currency, currencies, type Interval, intervalMonths, intervals, minorDigits } from './payment-choices.ts';

export const currencySchema = z.enum(currencies);
export const intervalSchema = z.enum(intervals);

/** Minor units for a whole period. */
const amountSchema = z.int().nonnegative();
/** Minor units for one unit of use, such as `0.002`: with as many digits as Stripe takes, and never a float. */
export const decimalSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,7})(\.\d{1,12})?$/, 'must be a decimal of at most 12 places');

/** Amounts by currency. */
export const amountsSchema = z.strictObject({ usd: amountSchema, eur: amountSchema, krw: amountSchema });
export const unitAmountsSchema = z.strictObject({ usd: decimalSchema, eur: decimalSchema, krw: decimalSchema });

/** Names the price of a tier's period in Stripe, so that neither side stores the other's ids. */
export const priceKey = (tier: string, interval: Interval): string => `tenantry_${tier}_${interval}`;

/** Names the price of a tier's use beyond what is included. */
export const usagePriceKey = (tier: string, meter: MeterName, interval: Interval): string =>
  `tenantry_${tier}_${meter}_${interval}`;
