/** What a price may cost, as parameters: by the unit or by tiers, whole or with fractions, in several currencies. */

import type Stripe from 'stripe';
import * as z from 'zod';
import type { Work } from '../billing/work.ts';
import { decimal } from '../objects/money.ts';
import { type GivenAmount, type GivenPrice, wholeAmount } from '../objects/price.ts';
import { exclusive, invalid } from '../wire/error.ts';
import { decimalText, integer, list, oneOf, text } from '../wire/params.ts';

const AMOUNT_MAX = 99_999_999_99;
const TIERS_MAX = 50;

const unitAmount = integer.refine(
  (amount) => amount >= 0 && amount <= AMOUNT_MAX,
  'Invalid amount: must be 0 or more, in the smallest unit of the currency.',
);
const amounts = { unit_amount: unitAmount.optional(), unit_amount_decimal: decimalText.optional() };
const tier = z.strictObject({
  ...amounts,
  flat_amount: unitAmount.optional(),
  flat_amount_decimal: decimalText.optional(),
  up_to: z.union([z.literal('inf'), integer.refine((count) => count > 0, 'Invalid up_to: must be more than 0')]),
});
const tiers = list(tier).refine(
  (all) => all.length >= 1 && all.length <= TIERS_MAX,
  `You must pass 1 to ${TIERS_MAX} tiers.`,
);

export const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');
/** The fields of an amount in one currency. */
export const amountShape = { ...amounts, tiers: tiers.optional() };
export const currencyOption = z.strictObject({ ...amountShape, tax_behavior: taxBehavior.optional() });

export const recurring = z.strictObject({
  interval: oneOf('day', 'week', 'month', 'year'),
  interval_count: integer.refine((count) => count >= 1 && count <= 36, 'Invalid interval_count').optional(),
  usage_type: oneOf('licensed', 'metered').optional(),
  meter: text().optional(),
});

function oneAmount(
  name: string,
  whole: number | undefined,
  fraction: string | undefined,
  param: string,
): Stripe.Decimal | null {
  if (whole !== undefined && fraction !== undefined) throw exclusive(`${param}${name}`, `${param}${name}_decimal`);
  const given = whole ?? fraction;
  return given === undefined ? null : decimal(given);
}

function readTiers(given: readonly z.infer<typeof tier>[], param: string): Stripe.Price.Tier[] {
  let from = 0;
  return given.map((each, index) => {
    const place = `${param}tiers[${index}]`;
    const isLast = index === given.length - 1;
    if ((each.up_to === 'inf') !== isLast)
      throw invalid('The last tier, and no other, must have `up_to` set to `inf`.', `${place}[up_to]`);
    if (each.up_to !== 'inf' && each.up_to <= from)
      throw invalid('Tiers must be in ascending order of `up_to`.', `${place}[up_to]`);
    if (each.up_to !== 'inf') from = each.up_to;
    const unit = oneAmount('unit_amount', each.unit_amount, each.unit_amount_decimal, place);
    const flat = oneAmount('flat_amount', each.flat_amount, each.flat_amount_decimal, place);
    if (!unit && !flat)
      throw invalid(`Missing required param: ${place}[unit_amount].`, `${place}[unit_amount]`, 'parameter_missing');
    return {
      flat_amount: wholeAmount(flat),
      flat_amount_decimal: flat,
      unit_amount: wholeAmount(unit),
      unit_amount_decimal: unit,
      up_to: each.up_to === 'inf' ? null : each.up_to,
    };
  });
}

/** @throws {StripeError} when the amounts are not of the billing scheme, or contradict each other */
export function readAmount(
  given: z.infer<typeof currencyOption>,
  isTiered: boolean,
  param: (name: string) => string,
): GivenAmount {
  const unit = oneAmount('unit_amount', given.unit_amount, given.unit_amount_decimal, '');
  if (isTiered) {
    if (unit) throw invalid('A price with tiers has no `unit_amount` of its own.', param('unit_amount'));
    if (!given.tiers) throw invalid(`Missing required param: ${param('tiers')}.`, param('tiers'), 'parameter_missing');
    return { unit: null, tiers: readTiers(given.tiers, '') };
  }
  if (given.tiers) throw invalid('Tiers need `billing_scheme` to be `tiered`.', param('tiers'));
  if (!unit)
    throw invalid(`Missing required param: ${param('unit_amount')}.`, param('unit_amount'), 'parameter_missing');
  return { unit, tiers: null };
}

/** @throws {StripeError} for usage without a meter that is there and active, and a meter without usage */
export function readRecurring(work: Work, given: z.infer<typeof recurring> | undefined): GivenPrice['recurring'] {
  if (!given) return null;
  const { interval, interval_count: intervalCount = 1, usage_type: usage = 'licensed', meter: id } = given;
  if (usage === 'licensed') {
    if (id !== undefined) throw invalid('A meter needs `usage_type` to be `metered`.', 'recurring[meter]');
    return { interval, intervalCount, meter: null };
  }
  if (id === undefined)
    throw invalid(
      'Missing required param: recurring[meter]. Metered prices must be backed by a meter.',
      'recurring[meter]',
      'parameter_missing',
    );
  const meter = work.store.require('billing.meter', id, 'recurring[meter]');
  if (meter.status !== 'active') throw invalid(`The meter \`${id}\` is inactive.`, 'recurring[meter]');
  return { interval, intervalCount, meter: id };
}
