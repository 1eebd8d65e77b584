import type Stripe from 'stripe';
import * as z from 'zod';
import { type TierName, tierCatalogue, tierNames } from '../tier/catalogue.ts';
import { currencySchema, intervalSchema } from '../tier/price.ts';
import { baseItem, planOf } from './plan.ts';
import { type Standing, standings } from './standing.ts';
import type { StripeView } from './stripe-view.ts';

const DAY_MS = 86_400_000;

const timeSchema = z.string();

/** What a company's billing comes to, by Stripe's present objects alone. */
export const billingStateSchema = z.object({
  standing: z.enum(standings),
  subscription: z
    .object({
      subscriptionId: z.string(),
      /** As Stripe calls it. */
      status: z.string(),
      /** Null for a price that the catalogue does not know. */
      plan: z.object({ tier: z.enum(tierNames), interval: intervalSchema, currency: currencySchema }).nullable(),
      currentPeriodEnd: timeSchema.nullable(),
      trialEnd: timeSchema.nullable(),
      /** When it ends by the customer's wish. */
      endsAt: timeSchema.nullable(),
    })
    .nullable(),
  owed: z
    .object({
      /** Minor units. */
      amount: z.int(),
      currency: z.string(),
      /** When the first payment of what is owed failed. */
      since: timeSchema,
      /** Stripe's page on which it can be paid; null when the subscription it was for is over. */
      payUrl: z.string().nullable(),
      suspendsAt: timeSchema,
      deactivatesAt: timeSchema,
    })
    .nullable(),
  /** Subscriptions beside the one that counts, which charge the company once more. */
  surplus: z.array(z.string()),
});
export type BillingState = z.infer<typeof billingStateSchema>;

/** Of several subscriptions the one that serves the company best counts; of equals, the oldest. */
const ranks: Readonly<Partial<Record<Stripe.Subscription.Status, number>>> = {
  active: 0,
  trialing: 0,
  past_due: 1,
  unpaid: 2,
  paused: 3,
};
const isLive = ({ status }: Stripe.Subscription): boolean => ranks[status] !== undefined;

const iso = (seconds: number | null | undefined): string | null =>
  seconds ? new Date(seconds * 1000).toISOString() : null;

/**
 * From what Stripe holds of a customer to how the company stands. Nothing else goes in but the tier that the company has, for a price that
 * the catalogue does not know.
 */
export function billingStateOf(view: StripeView, tier: TierName): BillingState {
  const live = view.subscriptions
    .filter(isLive)
    .toSorted(
      (a, b) => (ranks[a.status] ?? 9) - (ranks[b.status] ?? 9) || a.created - b.created || (a.id < b.id ? -1 : 1),
    );
  const ended = view.subscriptions
    .filter(({ status }) => status === 'canceled')
    .toSorted((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0) || (a.id < b.id ? -1 : 1));
  const [counted = ended[0], ...others] = live;
  if (!counted)
    return { standing: view.customerDeleted ? 'ended' : 'none', subscription: null, owed: null, surplus: [] };
  const plan = planOf(counted) ?? null;
  // Whoever is no customer any more cannot pay, and is not reminded to.
  const debt = view.customerDeleted ? null : owedOn(counted, view, plan?.tier ?? tier);
  return {
    standing: view.customerDeleted ? 'ended' : standingOf(counted, debt, view.at),
    subscription: {
      subscriptionId: counted.id,
      status: counted.status,
      plan,
      currentPeriodEnd: iso(baseItem(counted)?.current_period_end),
      trialEnd: iso(counted.trial_end),
      endsAt: iso(counted.cancel_at),
    },
    owed: debt,
    surplus: others.map(({ id }) => id).toSorted(),
  };
}

function standingOf(
  { status, cancellation_details }: Stripe.Subscription,
  debt: BillingState['owed'],
  at: Date,
): Standing {
  switch (status) {
    case 'active':
    case 'trialing':
      return 'paid';
    case 'paused':
      return 'paused';
    case 'canceled':
      // Stripe gave up on it before the company's last date: it may still come back.
      return debt && cancellation_details?.reason === 'payment_failed' && at < new Date(debt.deactivatesAt)
        ? 'overdue'
        : 'ended';
    default:
      if (!debt || at < new Date(debt.suspendsAt)) return 'grace';
      return at < new Date(debt.deactivatesAt) ? 'overdue' : 'forfeited';
  }
}

const subscriptionOf = ({ parent }: Stripe.Invoice): string | undefined => {
  const of = parent?.subscription_details?.subscription;
  return typeof of === 'string' ? of : of?.id;
};

/** What is owed on a subscription whose payment failed, and since when. */
function owedOn(subscription: Stripe.Subscription, view: StripeView, tier: TierName): BillingState['owed'] {
  const { status, id, cancellation_details, latest_invoice: latest } = subscription;
  const failing =
    status === 'past_due' ||
    status === 'unpaid' ||
    (status === 'canceled' && cancellation_details?.reason === 'payment_failed');
  if (!failing) return null;
  const unpaid = view.openInvoices.filter((invoice) => subscriptionOf(invoice) === id && invoice.amount_remaining > 0);
  const firstFailure = (invoice: Stripe.Invoice): number => invoice.status_transitions.finalized_at ?? invoice.created;
  const oldest = unpaid.toSorted((a, b) => firstFailure(a) - firstFailure(b))[0];
  const fallback = latest && typeof latest !== 'string' ? firstFailure(latest) : subscription.created;
  const since = new Date((oldest ? firstFailure(oldest) : fallback) * 1000);
  const { graceDays, lastDays } = tierCatalogue[tier].dunning;
  return {
    amount: unpaid.reduce((sum, invoice) => sum + invoice.amount_remaining, 0),
    currency: subscription.currency,
    since: since.toISOString(),
    payUrl: status === 'canceled' ? null : (oldest?.hosted_invoice_url ?? null),
    suspendsAt: new Date(since.getTime() + graceDays * DAY_MS).toISOString(),
    deactivatesAt: new Date(since.getTime() + lastDays * DAY_MS).toISOString(),
  };
}
