import type { CallOutput } from '../../api/client.ts';

type Row = CallOutput<'listFinance'>['tenants'][number];

/** A table program must not take what a company calls itself for a formula. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${harmless(value).replaceAll('"', '""')}"`;
const sum = (values: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(values).reduce<number>((total, value) => total + (value ?? 0), 0);
/** US dollars with all their digits. */
const usd = (micro: number): number => micro / 1_000_000;

/** A month's companies as a file: a line each, then a column for every item of cost that any of them has. */
export function financeCsv(rows: readonly Row[]): string {
  const items = [...new Set(rows.flatMap(({ cost }) => Object.keys(cost)))].toSorted();
  const meters = Object.keys(rows[0]?.use ?? {});
  const header = [
    'month',
    'tenant',
    'name',
    'tier',
    'currency',
    'earned_minor',
    'received_minor',
    'mrr_minor',
    'direct_usd',
    'shared_usd',
    'margin_usd',
    ...meters,
    ...items.map((item) => `${item}_usd`),
  ];
  const lines = rows.map(({ month, tenantId, name, tier, revenue, cost, shares, marginMicro, use }) => [
    month,
    tenantId,
    name ?? '',
    tier,
    revenue.currency ?? '',
    revenue.earned,
    revenue.received,
    revenue.mrr,
    usd(sum(cost)),
    usd(sum(shares)),
    usd(marginMicro),
    ...meters.map((meter) => use[meter as keyof typeof use]),
    ...items.map((item) => usd(cost[item] ?? 0)),
  ]);
  return `${[header, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;
}
