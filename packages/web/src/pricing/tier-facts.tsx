import type { tierViewSchema } from '@tenantry/core/contract/public';
import type { z } from 'zod';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { pricingMessages } from './messages.ts';
import type { PriceChoice } from './price-choice.tsx';

export type TierView = z.output<typeof tierViewSchema>;

/** Price, isolation and limits of a tier. */
export function TierFacts({ tier, choice }: { readonly tier: TierView; readonly choice: PriceChoice }) {
  const { t, money, number } = useMessages();
  const text = useText(pricingMessages);
  const { limits, trialDays, prices } = tier;
  const { interval, currency } = choice;
  const saved = prices.month[currency] * 12 - prices.year[currency];
  return (
    <div className="space-y-3">
      <p>
        <span className="text-3xl font-semibold tracking-tight">{money(prices[interval][currency], currency)}</span>{' '}
        <span className="text-soft">{t.perInterval[interval]}</span>
      </p>
      {interval === 'year' && saved > 0 && (
        <p className="text-sm text-soft">{text.savedByYear(money(saved, currency))}</p>
      )}
      <p className="flex flex-wrap gap-2 text-sm">
        <span className="rounded-full bg-tint px-3 py-1">{tier.isolation === 'silo' ? text.silo : text.pool}</span>
        {trialDays > 0 && <span className="rounded-full bg-tint px-3 py-1">{text.trialDays(number(trialDays))}</span>}
      </p>
      <ul className="space-y-1 text-sm text-soft">
        <li>{text.limitEvents(number(limits.eventsPerDay))}</li>
        <li>{text.limitRequests(number(limits.requestsPerSecond))}</li>
        <li>{text.limitRetention(number(limits.retentionDays))}</li>
        <li>{text.limitTrainings(number(limits.trainingsPerDay))}</li>
        <li>{text.limitModels(number(limits.models))}</li>
        <li>{text.limitUsers(number(limits.users))}</li>
        <li>{text.limitKeys(number(limits.apiKeys))}</li>
      </ul>
    </div>
  );
}
