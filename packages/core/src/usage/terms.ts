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

/** Of a tier, from the tier catalogue. */
export function usageCatalogueOf(tier: TierName): UsageCatalogue {
  const { amount, currency } = tierCatalogue[tier].price;
  const free: UsageTerms = { included: 0, overage: '0' };
  return {
    months: 1,
    currency,
    base: amount,
    terms: Object.fromEntries(meterNames.map((meter) => [meter, free])) as Record<MeterName, UsageTerms>,
  };
}
