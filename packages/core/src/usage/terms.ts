import { type TierName, tierCatalogue } from '../tier/catalogue.ts';
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

/** Of a tier by the month, from the tier catalogue. */
export function usageCatalogueOf(tier: TierName): UsageCatalogue {
  const { price, usage } = tierCatalogue[tier];
  const terms = meterNames.map((meter) => {
    const { included, overage } = usage[meter];
    return [meter, { included, overage: overage.usd }];
  });
  return {
    months: 1,
    currency: 'usd',
    base: price.month.usd,
    terms: Object.fromEntries(terms) as Record<MeterName, UsageTerms>,
  };
}
