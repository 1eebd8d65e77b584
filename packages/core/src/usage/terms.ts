import type { Plan } from '../billing/plan.ts';
import { tierCatalogue } from '../tier/catalogue.ts';
import { intervalMonths } from '../tier/price.ts';
import { type MeterName, meterNames } from './meter-name.ts';
import type { UsageTerms } from './price.ts';

/** What a company pays for a period. */
export interface UsageCatalogue {
  /** How long its period is. */
  readonly months: number;
  readonly currency: string;
  /** Minor units. */
  readonly base: number;
  readonly terms: Readonly<Record<MeterName, UsageTerms>>;
}

/** What counts for a company whose plan nobody knows. */
export const usualPlan = { interval: 'month', currency: 'usd' } as const satisfies Omit<Plan, 'tier'>;

/** Of a plan, from the tier catalogue; a year's plan includes a year's use, as its prices at Stripe do. */
export function usageCatalogueOf({ tier, interval, currency }: Plan): UsageCatalogue {
  const { price, usage } = tierCatalogue[tier];
  const months = intervalMonths[interval];
  const terms = meterNames.map((meter) => {
    const { included, overage } = usage[meter];
    return [meter, { included: included * months, overage: overage[currency] }];
  });
  return {
    months,
    currency,
    base: price[interval][currency],
    terms: Object.fromEntries(terms) as Record<MeterName, UsageTerms>,
  };
}
