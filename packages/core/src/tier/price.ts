import { z } from 'zod';
import type { MeterName } from '../usage/meter-name.ts';

/** Currencies that a company can pay in, with the digits of their minor unit. */
export const minorDigits = { usd: 2, eur: 2, krw: 0 } as const satisfies Record<string, number>;
export type Currency = keyof typeof minorDigits;
export const currencies = Object.keys(minorDigits) as [Currency, ...Currency[]];
export const currencySchema = z.enum(currencies);

/** How often a subscription is paid, with the months of its period. */
export const intervalMonths = { month: 1, year: 12 } as const satisfies Record<string, number>;
export type Interval = keyof typeof intervalMonths;
export const intervals = Object.keys(intervalMonths) as [Interval, ...Interval[]];
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
