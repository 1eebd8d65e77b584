import fc from 'fast-check';
import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { endOfMonth, monthOf } from './month.ts';
import { noRevenue, revenueOf } from './revenue.ts';
import type { StripeMoney } from './stripe-money.ts';

const seconds = (time: string): number => Date.parse(time) / 1000;

/** The fields that are looked at; Stripe's objects have many more. */
const subscription = (given: {
  readonly id?: string;
  readonly status: Stripe.Subscription.Status;
  readonly amount?: number;
  readonly interval?: 'month' | 'year';
  readonly trial?: readonly [from: string, to: string];
  readonly endedAt?: string;
}): Stripe.Subscription =>
  ({
    id: given.id ?? 'sub_1',
    currency: 'usd',
    status: given.status,
    created: seconds('2026-01-01'),
    pause_collection: null,
    trial_start: given.trial ? seconds(given.trial[0]) : null,
    trial_end: given.trial ? seconds(given.trial[1]) : null,
    ended_at: given.endedAt ? seconds(given.endedAt) : null,
    items: {
      data: [
        {
          quantity: 1,
          price: {
            unit_amount: given.amount ?? 4900,
            recurring: { interval: given.interval ?? 'month', interval_count: 1, usage_type: 'licensed' },
          },
        },
        { price: { unit_amount: null, recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' } } },
      ],
    },
  }) as unknown as Stripe.Subscription;

interface Line {
  readonly amount: number;
  readonly from: string;
  readonly to: string;
  readonly inclusiveTax?: number;
  readonly discount?: number;
}

const invoice = (paidAt: string, lines: readonly Line[], exclusiveTax = 0): Stripe.Invoice => {
  const net = lines.reduce(
    (sum, { amount, inclusiveTax = 0, discount = 0 }) => sum + amount - inclusiveTax - discount,
    0,
  );
  const total = lines.reduce((sum, { amount, discount = 0 }) => sum + amount - discount, exclusiveTax);
  return {
    currency: 'usd',
    created: seconds(paidAt),
    status_transitions: { paid_at: seconds(paidAt) },
    amount_paid: Math.max(0, total),
    total,
    total_excluding_tax: net,
    parent: { subscription_details: { subscription: 'sub_1' } },
    lines: {
      data: lines.map(({ amount, from, to, inclusiveTax = 0, discount = 0 }) => ({
        amount,
        period: { start: seconds(from), end: seconds(to) },
        discount_amounts: discount ? [{ amount: discount, discount: 'di_1' }] : [],
        taxes: inclusiveTax ? [{ amount: inclusiveTax, tax_behavior: 'inclusive' }] : [],
      })),
    },
  } as unknown as Stripe.Invoice;
};

const charge = (created: string, refunded: number): Stripe.Charge =>
  ({ currency: 'usd', created: seconds(created), amount_refunded: refunded }) as Stripe.Charge;

const money = (given: Partial<StripeMoney>): StripeMoney => ({
  subscriptions: [subscription({ status: 'active' })],
  paidInvoices: [],
  charges: [],
  ...given,
});

describe('the revenue of a month', () => {
  it('is nothing for a company that never subscribed', () => {
    expect(revenueOf({ subscriptions: [], paidInvoices: [], charges: [] }, '2026-11')).toEqual(noRevenue);
  });

  it('is received when it is paid, without the tax, whether the price includes it or not', () => {
    const lines = [{ amount: 1200, inclusiveTax: 200, from: '2026-11-01', to: '2026-12-01' }];
    const exclusive = [{ amount: 1000, from: '2026-11-01', to: '2026-12-01' }];
    for (const paid of [invoice('2026-11-03', lines), invoice('2026-11-03', exclusive, 200)]) {
      const of = (month: string) => revenueOf(money({ paidInvoices: [paid] }), month);
      expect(of('2026-11')).toMatchObject({ received: 1000, earned: 1000 });
      expect(of('2026-12')).toMatchObject({ received: 0, earned: 0 });
    }
  });

  it('is less by what was given back of the charges of the month, and of no other', () => {
    const paidInvoices = [invoice('2026-11-03', [{ amount: 1000, from: '2026-11-01', to: '2026-12-01' }])];
    const charges = [charge('2026-11-03', 400), charge('2026-10-03', 100)];
    expect(revenueOf(money({ paidInvoices, charges }), '2026-11').received).toBe(600);
  });

  it('is earned over the days of a line, discounts off: a year in its months, use in the month in which it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 800 }),
        (amount, discount, start, days) => {
          const end = new Date(start.getTime() + days * 86_400_000);
          const line = { amount: amount + discount, discount, from: start.toISOString(), to: end.toISOString() };
          const paidInvoices = [invoice(line.from, [line])];
          let sum = 0;
          let months = 0;
          for (let at = start; at <= end; at = endOfMonth(monthOf(at))) {
            sum += revenueOf(money({ paidInvoices }), monthOf(at)).earned;
            months += 1;
          }
          expect(Math.abs(sum - amount)).toBeLessThanOrEqual(months / 2);
        },
      ),
    );
  });

  it('takes back what a credit for the rest of a period takes back', () => {
    const paidInvoices = [
      invoice('2026-11-16', [
        { amount: -500, from: '2026-11-16', to: '2026-12-01' },
        { amount: 5000, from: '2026-11-16', to: '2026-12-01' },
      ]),
      invoice('2026-11-01', [{ amount: 1000, from: '2026-11-01', to: '2026-12-01' }]),
    ];
    expect(revenueOf(money({ paidInvoices }), '2026-11')).toMatchObject({ received: 5500, earned: 5500 });
  });
});

describe('what recurs', () => {
  it.each([
    ['active', 'month', 4900, 4900],
    ['active', 'year', 49_000, 4083],
    ['past_due', 'month', 4900, 4900],
    ['trialing', 'month', 4900, 0],
    ['unpaid', 'month', 4900, 0],
    ['paused', 'month', 4900, 0],
    ['canceled', 'month', 4900, 0],
  ] as const)('of a subscription that is %s by the %s', (status, interval, amount, mrr) => {
    const subscriptions = [subscription({ status, interval, amount })];
    expect(revenueOf(money({ subscriptions }), '2026-11').mrr).toBe(mrr);
  });

  it('tells who paid before the month', () => {
    const paidInvoices = [invoice('2026-10-31T23:59:59Z', [{ amount: 1, from: '2026-10-31', to: '2026-11-30' }])];
    expect(revenueOf(money({ paidInvoices }), '2026-11').paidBefore).toBe(true);
    expect(revenueOf(money({ paidInvoices }), '2026-10').paidBefore).toBe(false);
  });
});

describe('a trial', () => {
  const trial = ['2026-11-01', '2026-11-15'] as const;
  const free = invoice('2026-11-01', [{ amount: 0, from: '2026-11-01', to: '2026-11-15' }]);
  const trialOf = (given: Partial<StripeMoney>) => revenueOf(money(given), '2026-11').trial;

  it('runs until the first money comes or the subscription is over', () => {
    const of = (status: Stripe.Subscription.Status, more: { endedAt?: string } = {}) =>
      trialOf({ subscriptions: [subscription({ status, trial, ...more })], paidInvoices: [free] });
    expect(of('trialing')).toMatchObject({ state: 'running', endedAt: null });
    expect(of('past_due')).toMatchObject({ state: 'running' });
    expect(of('canceled', { endedAt: '2026-11-07' })).toMatchObject({
      state: 'lost',
      endedAt: '2026-11-07T00:00:00.000Z',
    });
    expect(of('paused')).toMatchObject({ state: 'lost', endedAt: '2026-11-15T00:00:00.000Z' });
  });

  it('is converted by the first money, and stays so', () => {
    const paidInvoices = [invoice('2026-11-15', [{ amount: 4900, from: '2026-11-15', to: '2026-12-15' }]), free];
    const subscriptions = [subscription({ status: 'canceled', trial, endedAt: '2027-01-01' })];
    expect(trialOf({ subscriptions, paidInvoices })).toEqual({
      startedAt: '2026-11-01T00:00:00.000Z',
      state: 'converted',
      endedAt: '2026-11-15T00:00:00.000Z',
    });
  });
});
