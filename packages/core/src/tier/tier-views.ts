import type { z } from 'zod';
import type { tierViewSchema } from '../contract/public.ts';
import { meterNames } from '../usage/meter-name.ts';
import { tierCatalogue, tierNames } from './catalogue.ts';
import { intervalMonths } from './price.ts';
import type { Tier } from './tier.ts';

const included = (amount: number) => ({ month: amount * intervalMonths.month, year: amount * intervalMonths.year });

function usageOf(usage: Tier['usage']) {
  const rows = meterNames.map((meter) => [
    meter,
    { included: included(usage[meter].included), overage: usage[meter].overage },
  ]);
  return Object.fromEntries(rows) as z.output<typeof tierViewSchema>['usage'];
}

/** What anybody may see of the tiers, cheapest first. */
export const tierViews = (): z.output<typeof tierViewSchema>[] =>
  tierNames.map((name) => {
    const { price: prices, usage, features, ...tier } = tierCatalogue[name];
    return { ...tier, prices, usage: usageOf(usage), features: [...features] };
  });
