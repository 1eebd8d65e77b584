import type { BillingState } from './state.ts';

/**
 * What an owner should do about the billing.
 * - `pay`: pay what is owed, or give another card, on the page of the invoice.
 * - `subscribe`: open a payment page; the subscription is over, or never began.
 * - `resume`: go on with a paused subscription, in the portal.
 */
export const todos = ['nothing', 'pay', 'subscribe', 'resume'] as const;
export type Todo = (typeof todos)[number];

export function todoOf({ standing, owed }: Pick<BillingState, 'standing' | 'owed'>): Todo {
  switch (standing) {
    case 'paid':
      return 'nothing';
    case 'paused':
      return 'resume';
    case 'none':
    case 'ended':
      return 'subscribe';
    default:
      return owed?.payUrl ? 'pay' : 'subscribe';
  }
}
