import type { Currency, Interval } from '@tenantry/core/contract/identity';
import type { tierViewSchema } from '@tenantry/core/contract/public';
import type { z } from 'zod';
import { useMessages } from '../messages/context.tsx';

/** Price, isolation and limits of a tier. */
export function TierFacts({
  tier,
  interval = 'month',
  currency = 'usd',
}: {
  readonly tier: z.output<typeof tierViewSchema>;
  readonly interval?: Interval;
  readonly currency?: Currency;
}) {
  const { t, money, number } = useMessages();
  const { limits } = tier;
  return (
    <div className="space-y-3">
      <p>
        <span className="text-3xl font-semibold tracking-tight">
          {money(tier.prices[interval][currency], currency)}
        </span>{' '}
        <span className="text-soft">{t.perInterval[interval]}</span>
      </p>
      <p className="inline-block rounded-full bg-tint px-3 py-1 text-sm">
        {tier.isolation === 'silo' ? t.silo : t.pool}
      </p>
      <ul className="space-y-1 text-sm text-soft">
        <li>{t.limitEvents(number(limits.eventsPerDay))}</li>
        <li>{t.limitRequests(number(limits.requestsPerSecond))}</li>
        <li>{t.limitRetention(number(limits.retentionDays))}</li>
        <li>{t.limitKeys(number(limits.apiKeys))}</li>
      </ul>
    </div>
  );
}
