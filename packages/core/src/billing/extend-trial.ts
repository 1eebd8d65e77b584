import type Stripe from 'stripe';
import { DomainError } from '../errors/domain-error.ts';
import { unavailable } from './checkout.ts';

/** A trial is an invitation, and no gift for years. */
const LONGEST_AHEAD_MS = 180 * 86_400_000;

const invalidUntil = (message: string): DomainError =>
  new DomainError('invalid_request', `until: ${message}.`, { fields: [{ field: 'until', message }] });

/**
 * Moves the end of a trial to a later time. Asking for the same time again changes nothing.
 * @returns when it was to end before
 * @throws {DomainError} `illegal_transition` when no trial runs, `invalid_request`, `payment_unavailable`
 */
export async function extendTrial(
  stripe: Stripe,
  subscriptionId: string,
  { until, now }: { readonly until: Date; readonly now: Date },
): Promise<Date> {
  const end = Math.floor(until.getTime() / 1000);
  if (until.getTime() > now.getTime() + LONGEST_AHEAD_MS) throw invalidUntil('must be within 180 days');
  try {
    const { status, trial_end: present } = await stripe.subscriptions.retrieve(subscriptionId);
    if (status !== 'trialing' || present === null) {
      throw new DomainError('illegal_transition', `There is no trial to extend: the subscription is ${status}.`);
    }
    if (end < present) throw invalidUntil('must not be before the present end of the trial');
    if (end > present) {
      await stripe.subscriptions.update(
        subscriptionId,
        { trial_end: end, proration_behavior: 'none' },
        { idempotencyKey: `trial-${subscriptionId}-${present}-${end}` },
      );
    }
    return new Date(present * 1000);
  } catch (error) {
    throw error instanceof DomainError ? error : unavailable(error);
  }
}
