/** Test clocks: time that stands still for the customers on it until it is advanced. */

import type Stripe from 'stripe';
import { StripeError } from '../wire/error.ts';
import { idOf } from './lines.ts';
import type { Work } from './work.ts';

type Clocked = { readonly test_clock?: string | { readonly id: string } | null };

/**
 * The work at the time of what it works on.
 * @throws {StripeError} 429 `lock_timeout` while the clock advances, since nothing may change meanwhile
 */
export function onClockOf(work: Work, { test_clock }: Clocked): Work {
  return onClock(work, idOf(test_clock));
}

export function onClock(work: Work, clock: string | null): Work {
  if (clock === null || work.clock === clock) return work;
  const { status, frozen_time } = work.store.require('test_helpers.test_clock', clock);
  if (status !== 'ready')
    throw new StripeError(429, 'The test clock is advancing. What is on it can be changed when the clock is ready.', {
      code: 'lock_timeout',
    });
  return work.at(frozen_time, clock);
}

/** Work on what belongs to a customer, at the customer's time. */
export function onClockOfCustomer(work: Work, customer: string | { readonly id: string } | null): Work {
  const id = idOf(customer);
  const found = id === null ? undefined : work.store.find('customer', id);
  return onClock(work, found && !found.deleted ? idOf(found.test_clock) : null);
}

export function newTestClock(work: Work, frozenTime: number, name: string | null): Stripe.TestHelpers.TestClock {
  return {
    id: work.id('test_helpers.test_clock'),
    object: 'test_helpers.test_clock',
    created: work.now,
    deletes_after: work.now + 30 * 86_400,
    frozen_time: frozenTime,
    livemode: false,
    name,
    status: 'ready',
    status_details: {},
  };
}
