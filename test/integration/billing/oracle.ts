import type { StripeView } from '@tenantry/core/billing/stripe-view';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import { type TierName, tierCatalogue } from '@tenantry/core/tier/catalogue';

const DAY_MS = 86_400_000;

/** What a company should be, by what Stripe holds: said a second time, by other means than the system's own. */
export function shouldBe(
  view: StripeView,
  tier: TierName,
): { readonly statuses: readonly TenantStatus[]; readonly tier?: TierName } {
  const of = (...statuses: readonly string[]) => view.subscriptions.filter(({ status }) => statuses.includes(status));
  const tierOf = ({ items }: (typeof view.subscriptions)[number]): TierName | undefined =>
    items.data.map(({ price }) => price).find(({ unit_amount }) => unit_amount)?.metadata.tier as TierName | undefined;
  // A company that was never provisioned has nothing to lose, and waits.
  if (view.customerDeleted) return { statuses: ['deactivating', 'pending'] };
  const [served] = of('active', 'trialing').toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  if (served) {
    const paidFor = tierOf(served);
    return { statuses: ['active'], ...(paidFor ? { tier: paidFor } : {}) };
  }
  const owing = [...of('past_due'), ...of('unpaid')];
  if (owing.length > 0) {
    const counted = of('past_due').length > 0 ? of('past_due') : owing;
    const first = counted.toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1))[0];
    const invoices = view.openInvoices.filter(({ parent }) => parent?.subscription_details?.subscription === first?.id);
    const since = Math.min(
      ...invoices.map(({ created, status_transitions: { finalized_at } }) => finalized_at ?? created),
    );
    const days = (view.at.getTime() - since * 1000) / DAY_MS;
    const { graceDays, lastDays } = tierCatalogue[(first && tierOf(first)) ?? tier].dunning;
    if (days < graceDays) return { statuses: ['active', 'pending'] };
    return { statuses: days < lastDays ? ['suspended', 'pending'] : ['deactivating', 'pending'] };
  }
  if (of('paused').length > 0) return { statuses: ['suspended', 'pending'] };
  const over = of('canceled');
  if (over.length === 0) return { statuses: ['pending'] };
  const byFailure = over.some(({ cancellation_details }) => cancellation_details?.reason === 'payment_failed');
  return { statuses: ['deactivating', 'pending', ...(byFailure ? (['suspended'] as const) : [])] };
}
