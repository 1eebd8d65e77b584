import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { billingStateOf } from './state.ts';
import type { StripeView } from './stripe-view.ts';

const DAY = 86_400;
const START = Date.parse('2027-01-01T00:00:00.000Z') / 1000;

/** What the state reads of a subscription; the rest of Stripe's object does not matter to it. */
function subscription(id: string, status: Stripe.Subscription.Status, more: object = {}): Stripe.Subscription {
  const price = {
    id: 'price_1',
    recurring: { interval: 'month', usage_type: 'licensed' },
    metadata: { tier: 'premium' },
  };
  return {
    id,
    status,
    currency: 'eur',
    created: START,
    ended_at: null,
    trial_end: null,
    cancel_at: null,
    cancellation_details: null,
    latest_invoice: null,
    items: { data: [{ current_period_end: START + 31 * DAY, price }] },
    ...more,
  } as unknown as Stripe.Subscription;
}
const open = (of: string, createdDay: number, amount: number): Stripe.Invoice =>
  ({
    id: `in_${of}_${createdDay}`,
    created: START + createdDay * DAY,
    status_transitions: { finalized_at: START + createdDay * DAY },
    amount_remaining: amount,
    hosted_invoice_url: 'https://invoice.example.com',
    parent: { subscription_details: { subscription: of } },
  }) as unknown as Stripe.Invoice;
const view = (subscriptions: readonly Stripe.Subscription[], more: Partial<StripeView> = {}): StripeView => ({
  customerDeleted: false,
  subscriptions,
  openInvoices: [],
  at: new Date(START * 1000),
  ...more,
});
const onDay = (day: number): Date => new Date((START + day * DAY) * 1000);

describe('how a company stands', () => {
  it.each<[Stripe.Subscription.Status, string]>([
    ['active', 'paid'],
    ['trialing', 'paid'],
    ['paused', 'paused'],
    ['incomplete', 'none'],
    ['incomplete_expired', 'none'],
    ['canceled', 'ended'],
  ])('with a subscription that is %s: %s', (status, standing) => {
    expect(billingStateOf(view([subscription('sub_1', status)]), 'standard').standing).toBe(standing);
  });

  it.each([
    [0, 'grace'],
    [13.9, 'grace'],
    [14, 'overdue'],
    [44.9, 'overdue'],
    [45, 'forfeited'],
  ])('with a debt of premium on its day %d: %s, whichever way Stripe calls it', (day, standing) => {
    for (const status of ['past_due', 'unpaid'] as const) {
      const state = billingStateOf(
        view([subscription('sub_1', status)], {
          openInvoices: [open('sub_1', 0, 700), open('sub_1', 5, 50)],
          at: onDay(day),
        }),
        'standard',
      );
      expect([state.standing, state.owed?.amount, state.owed?.since]).toEqual([standing, 750, onDay(0).toISOString()]);
    }
  });

  it('with a subscription that Stripe gave up on: suspended until the last date, and then at its end', () => {
    const gone = subscription('sub_1', 'canceled', { cancellation_details: { reason: 'payment_failed' } });
    const openInvoices = [open('sub_1', 0, 700)];
    expect(billingStateOf(view([gone], { openInvoices, at: onDay(2) }), 'standard').standing).toBe('overdue');
    expect(billingStateOf(view([gone], { openInvoices, at: onDay(2) }), 'standard').owed?.payUrl).toBeNull();
    expect(billingStateOf(view([gone], { openInvoices, at: onDay(50) }), 'standard').standing).toBe('ended');
  });

  it('with a customer that was deleted: at its end', () => {
    expect(billingStateOf(view([], { customerDeleted: true }), 'standard').standing).toBe('ended');
  });
});

describe('of several subscriptions', () => {
  it('the one that serves best counts, and the others are surplus', () => {
    const { subscription: counted, surplus } = billingStateOf(
      view([
        subscription('sub_a', 'past_due'),
        subscription('sub_b', 'active', { created: START + 9 }),
        subscription('sub_c', 'canceled'),
      ]),
      'standard',
    );
    expect([counted?.subscriptionId, surplus]).toEqual(['sub_b', ['sub_a']]);
  });

  it('of equals the oldest counts, in whatever order they are told', () => {
    const all = [subscription('sub_2', 'active', { created: START + 5 }), subscription('sub_1', 'active')];
    for (const list of [all, all.toReversed()]) {
      expect(billingStateOf(view(list), 'standard').subscription?.subscriptionId).toBe('sub_1');
    }
  });
});

it('knows no plan by a price that is not of the catalogue', () => {
  const strange = subscription('sub_1', 'active', {
    items: {
      data: [
        { current_period_end: START, price: { recurring: { interval: 'month' }, metadata: { tier: 'constructor' } } },
      ],
    },
  });
  expect(billingStateOf(view([strange]), 'standard').subscription?.plan).toBeNull();
});
