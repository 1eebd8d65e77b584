import { awsPriceList, totalOf } from '@tenantry/core/money/aws-prices';
import { assumptions } from '@tenantry/core/money/call-profile';
import { directCost, type Use } from '@tenantry/core/money/cost';
import { microUsdOf } from '@tenantry/core/money/exchange-rates';
import { allocate, sharedCosts } from '@tenantry/core/money/shared-cost';
import { type TierName, tierCatalogue } from '@tenantry/core/tier/catalogue';
import { overageAmount } from '@tenantry/core/usage/price';

/** The tables of `docs/money.md`, computed by the same code that the daily job runs. */

const HOURS = 730;

/** A month of a shop of each tier, and how many of each an example stage has. */
const example = {
  standard: { shops: 40, use: use(1_000_000, 200_000, 0, 120, 1_500) },
  premium: { shops: 5, use: use(20_000_000, 5_000_000, HOURS, 600, 30_000) },
  enterprise: { shops: 1, use: use(200_000_000, 60_000_000, HOURS, 3_000, 300_000) },
} as const satisfies Record<TierName, { shops: number; use: Use }>;
const shape = { natGateways: 3, alarms: 4 };

function use(events: number, recommendations: number, siloHours: number, minutes: number, gbHours: number): Use {
  return {
    events_collected: events,
    recommendations_served: recommendations,
    silo_hours: siloHours,
    training_minutes: minutes,
    storage_gb_hours: gbHours,
  };
}

const tiers = Object.keys(example) as TierName[];
const dollars = (micro: number): string => `$${(micro / 1_000_000).toFixed(2)}`;
const thousands = (value: number): string => value.toLocaleString('en-US');

function exampleTable(): string {
  const shops = tiers.flatMap((tier) =>
    Array.from({ length: example[tier].shops }, (_, i) => ({
      key: `${tier} ${i}`,
      ...directCost(example[tier].use, tier),
    })),
  );
  const { shares } = allocate(sharedCosts(shape, HOURS), shops);
  const head = [
    'tier',
    'shops',
    'events',
    'recommendations',
    'price',
    'beyond what is included',
    'own cost',
    'part of what is shared',
    'margin',
  ];
  const rows = tiers.map((tier) => {
    const { use: used, shops: count } = example[tier];
    const { title, price, usage } = tierCatalogue[tier];
    const beyond = Object.entries(usage).reduce((sum, [meter, { included, overage }]) => {
      const units = Math.floor(used[meter as keyof Use]);
      return sum + overageAmount(units, { included, overage: overage.usd });
    }, 0);
    const own = totalOf(directCost(used, tier).cost);
    const shared = Object.values(shares.get(`${tier} 0`) ?? {}).reduce((sum, micro) => sum + micro, 0);
    const earned = microUsdOf(price.month.usd + beyond, 'usd');
    return [
      title,
      String(count),
      thousands(used.events_collected),
      thousands(used.recommendations_served),
      dollars(microUsdOf(price.month.usd, 'usd')),
      dollars(microUsdOf(beyond, 'usd')),
      dollars(own),
      dollars(shared),
      `${dollars(earned - own - shared)} (${Math.round(((earned - own - shared) / earned) * 100)} %)`,
    ];
  });
  return table(head, rows);
}

/** Where the money of each tier's example goes. */
function itemTable(): string {
  const costs = tiers.map((tier) => directCost(example[tier].use, tier).cost);
  const items = [...new Set(costs.flatMap((cost) => Object.keys(cost)))] as (keyof typeof awsPriceList.prices)[];
  const rows = items
    .toSorted((a, b) => (costs[1]?.[b] ?? 0) - (costs[1]?.[a] ?? 0))
    .map((item) => [`\`${item}\``, ...costs.map((cost) => dollars(cost[item] ?? 0))]);
  return table(['item', ...tiers.map((tier) => tierCatalogue[tier].title)], rows);
}

function priceTable(): string {
  const rows = Object.entries(awsPriceList.prices).map(([item, { picoUsd, unit, source }]) => [
    `\`${item}\``,
    unit,
    `$${Number((picoUsd / 1e12).toPrecision(6))
      .toFixed(12)
      .replace(/0+$/, '')}`,
    `[${new URL(source).pathname.split('/')[1]}](${source})`,
  ]);
  return table(['item', 'unit', 'price of one', 'check at'], rows);
}

const assumptionTable = (): string =>
  table(
    ['assumption', 'value'],
    Object.entries(assumptions).map(([name, value]) => [`\`${name}\``, String(value)]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const tables = {
  example: exampleTable,
  items: itemTable,
  prices: priceTable,
  assumptions: assumptionTable,
} as const;

/** The page with its tables as they are now. @throws {Error} when the place of one is gone */
export function withMoneyTables(page: string): string {
  return Object.entries(tables).reduce((text, [name, make]) => {
    const marked = new RegExp(`(<!-- table:${name} -->\\n)[\\s\\S]*?(<!-- end:${name} -->)`);
    if (!marked.test(text)) throw new Error(`The place of the table of ${name} is missing.`);
    return text.replace(marked, (_, before: string, after: string) => `${before}${make()}\n${after}`);
  }, page);
}
