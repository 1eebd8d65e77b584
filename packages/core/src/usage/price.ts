/** What a meter's use costs: so many units are covered, and each further one costs a decimal of minor units. */
export interface UsageTerms {
  readonly included: number;
  /** Minor units for one unit, such as `0.002`. */
  readonly overage: string;
}

/** How many units go beyond what is included. */
export const overageUnits = (units: number, { included }: UsageTerms): number => Math.max(0, units - included);

/**
 * What the units beyond those included cost, in minor units, rounded half up once, at the end.
 * @param units whole ones
 */
export function overageAmount(units: number, terms: UsageTerms): number {
  const [whole = '0', fraction = ''] = terms.overage.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(overageUnits(units, terms)) * BigInt(`${whole}${fraction}`);
  return Number((2n * scaled + scale) / (2n * scale));
}
