import { tierCatalogue } from '../tier/catalogue.ts';
import type { BillingRow } from './billing-row.ts';
import { todoOf } from './todo.ts';

/** What the API shows of a company's billing. */
export function billingView(row: BillingRow | undefined) {
  const { standing, subscription, owed } = row?.state ?? { standing: 'none' as const, subscription: null, owed: null };
  const plan = subscription?.plan;
  return {
    standing,
    todo: todoOf({ standing, owed }),
    plan: plan
      ? {
          ...plan,
          price: { amount: tierCatalogue[plan.tier].price[plan.interval][plan.currency], currency: plan.currency },
        }
      : null,
    subscription: subscription && {
      status: subscription.status,
      currentPeriodEnd: subscription.currentPeriodEnd,
      trialEnd: subscription.trialEnd,
      endsAt: subscription.endsAt,
    },
    owed,
  };
}
