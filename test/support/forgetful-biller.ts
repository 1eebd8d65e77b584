import { type ReportedUsage, type UsageBiller, UsageRefused } from '@tenantry/core/usage/biller';

const DAY_MS = 86_400_000;

/** A biller that remembers identifiers for a day, as Stripe does, and sums up what it was told. */
export function forgetfulBiller(clock: { readonly now: Date }) {
  const told: (ReportedUsage & { readonly receivedAt: number })[] = [];
  const refusing = new Set<string>();
  const biller: UsageBiller = {
    remembersMs: DAY_MS - 3_600_000,
    async report(usage) {
      if (refusing.has(usage.customerId)) throw new UsageRefused('There is no such customer.');
      const receivedAt = clock.now.getTime();
      const known = told.some((one) => one.identifier === usage.identifier && receivedAt - one.receivedAt < DAY_MS);
      if (!known) told.push({ ...usage, receivedAt });
    },
    async unitsBetween(customerId, meter, from, to) {
      return told
        .filter((one) => one.customerId === customerId && one.meter === meter && one.at >= from && one.at < to)
        .reduce((sum, { units }) => sum + units, 0);
    },
  };
  return {
    biller,
    /** Takes nothing for this customer. */
    refuse: (customerId: string) => refusing.add(customerId),
    units: (customerId: string): number =>
      told.filter((one) => one.customerId === customerId).reduce((sum, { units }) => sum + units, 0),
  };
}
