import type Stripe from 'stripe';
import { DomainError } from '../errors/domain-error.ts';
import type { TierName } from '../tier/catalogue.ts';
import type { Interval } from '../tier/price.ts';
import { itemsFor } from './change-price.ts';
import { unavailable } from './checkout.ts';
import { planOf } from './plan.ts';
import type { Subscription } from './subscription.ts';

export interface PlanPreview {
  readonly currency: string;
  /** Minor units that are charged at once: a change of interval begins a new period, but not before the end of a trial. */
  readonly dueNow: number;
  readonly nextInvoice: {
    readonly amount: number;
    readonly at: string | null;
    readonly lines: { readonly description: string; readonly amount: number }[];
  };
}

/**
 * What a change of plan would cost, as Stripe would charge it this very second.
 * @throws {DomainError} `conflict` when the subscription is on that plan already, or over; `payment_unavailable`
 */
export async function previewPlan(
  stripe: Stripe,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  wanted: { readonly tier: TierName; readonly interval?: Interval | undefined },
): Promise<PlanPreview> {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const present = planOf(subscription);
  const interval = wanted.interval ?? present?.interval ?? 'month';
  const [over, trialing] = [subscription.status === 'canceled', subscription.status === 'trialing'];
  const items = over ? undefined : await itemsFor(stripe, subscription, { tier: wanted.tier, interval });
  if (!items) {
    throw new DomainError('conflict', over ? 'The subscription is over.' : 'The company is on this plan already.');
  }
  try {
    const invoice = await stripe.invoices.createPreview({
      subscription: subscriptionId,
      subscription_details: { items, proration_behavior: 'create_prorations' },
    });
    return {
      currency: invoice.currency,
      dueNow: interval === present?.interval || trialing ? 0 : Math.max(0, invoice.amount_due),
      nextInvoice: {
        amount: invoice.amount_due,
        at: invoice.period_end ? new Date(invoice.period_end * 1000).toISOString() : null,
        lines: invoice.lines.data.map(({ description, amount }) => ({ description: description ?? '', amount })),
      },
    };
  } catch (error) {
    throw unavailable(error);
  }
}
