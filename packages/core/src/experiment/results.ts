import { readCounts } from '../attribution/counters.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type Experiment, variantName } from './experiment.ts';
import { difference, type Interval, wilson } from './statistics.ts';

export interface VariantResult {
  readonly name: string;
  /** Who saw a list of the variant. */
  readonly shoppers: number;
  /** Those of them who clicked in any. */
  readonly clickedShoppers: number;
  readonly conversions: number;
  /** The share of shoppers who clicked, with its interval; null while nobody saw any. */
  readonly clickRate: ({ readonly value: number } & Interval) | null;
  /** How much that is above the first variant; null for the first, and while there is nothing to compare. */
  readonly lift: ({ readonly value: number } & Interval) | null;
  /** Whether chance alone would explain the difference to the first variant. */
  readonly verdict: 'first' | 'better' | 'worse' | 'open';
}

/** What the variants of an experiment came to, from its first day to its last or today. */
export async function readResults(
  attribution: Table,
  tenantId: TenantId,
  experiment: Experiment,
  now: Date,
): Promise<readonly VariantResult[]> {
  const first = experiment.startedAt.slice(0, 10);
  const last = (experiment.endedAt ?? now.toISOString()).slice(0, 10);
  const counts = await readCounts(attribution, tenantId, { first, last });
  return compare(
    experiment.plan.variants.map(({ name }) => {
      const own = counts.filter(({ variant }) => variant === variantName(experiment.experimentId, name));
      const sum = (what: 'shoppers' | 'clickedShoppers' | 'conversions') =>
        own.reduce((total, row) => total + row[what], 0);
      return {
        name,
        shoppers: sum('shoppers'),
        clickedShoppers: sum('clickedShoppers'),
        conversions: sum('conversions'),
      };
    }),
  );
}

/** @param variants the first is what the others are compared with */
export function compare(
  variants: readonly Pick<VariantResult, 'name' | 'shoppers' | 'clickedShoppers' | 'conversions'>[],
): readonly VariantResult[] {
  const proportionOf = ({ clickedShoppers, shoppers }: (typeof variants)[number]) => ({
    successes: clickedShoppers,
    trials: shoppers,
  });
  const rateOf = ({ clickedShoppers, shoppers }: (typeof variants)[number]) => clickedShoppers / shoppers;
  const [control] = variants;
  return variants.map((variant): VariantResult => {
    const clickRate = variant.shoppers === 0 ? null : { value: rateOf(variant), ...wilson(proportionOf(variant)) };
    if (!control || variant === control) return { ...variant, clickRate, lift: null, verdict: 'first' };
    if (control.shoppers === 0 || variant.shoppers === 0) {
      return { ...variant, clickRate, lift: null, verdict: 'open' };
    }
    const interval = difference(proportionOf(control), proportionOf(variant));
    const lift = { value: rateOf(variant) - rateOf(control), ...interval };
    const verdict = interval.low > 0 ? 'better' : interval.high < 0 ? 'worse' : 'open';
    return { ...variant, clickRate, lift, verdict };
  });
}
