/** Test clocks. */

import type Stripe from 'stripe';
import { newTestClock } from '../billing/clock.ts';
import { hasEnded } from '../billing/follow.ts';
import { addInterval } from '../billing/period.ts';
import type { Work } from '../billing/work.ts';
import { readSettings, writeSettings } from '../store/settings.ts';
import { invalid } from '../wire/error.ts';
import { integer, paging, text } from '../wire/params.ts';
import { deleteCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';

/** A clock goes this many periods at a time, by the shortest of its subscriptions. */
const PERIODS_MAX = 2;
const YEARS_MAX = { interval: 'year', interval_count: 2 };

function requireReady(work: Work, id: string): Stripe.TestHelpers.TestClock {
  const clock = work.store.require('test_helpers.test_clock', id);
  if (clock.status !== 'ready') throw invalid('The test clock is advancing; wait until it is ready.');
  return clock;
}

function farthest(work: Work, { id, frozen_time: now }: Stripe.TestHelpers.TestClock): number {
  const ends = work.store
    .all('subscription', { test_clock: id })
    .filter((subscription) => !hasEnded(subscription))
    .flatMap(({ items }) => items.data)
    .map(({ price }) => {
      const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
      return addInterval(now, { interval, interval_count: count * PERIODS_MAX }, now);
    });
  return Math.min(addInterval(now, YEARS_MAX, now), ...ends);
}

export function makeClock(work: Work, frozenTime: number, name: string | null): Stripe.TestHelpers.TestClock {
  if (frozenTime <= 0) throw invalid('Invalid timestamp: must be after 1970.', 'frozen_time');
  const clock = newTestClock(work, frozenTime, name);
  work.store.insert('test_helpers.test_clock', clock, {});
  work.emit('test_helpers.test_clock.created', clock);
  return clock;
}

/** Lets a clock begin to go to a time; what happens on the way is worked through afterwards. */
export function advanceClock(work: Work, id: string, target: number): Stripe.TestHelpers.TestClock {
  const clock = requireReady(work, id);
  if (target <= clock.frozen_time)
    throw invalid('A test clock goes forward only: `frozen_time` must be after the present one.', 'frozen_time');
  if (target > farthest(work, clock))
    throw invalid(
      `A test clock can be advanced by at most ${PERIODS_MAX} periods of its shortest subscription at a time, and by two years without one.`,
      'frozen_time',
    );
  const advancing: Stripe.TestHelpers.TestClock = {
    ...clock,
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  };
  work.store.update('test_helpers.test_clock', advancing);
  work.emit('test_helpers.test_clock.advancing', advancing);
  return advancing;
}

export const testClockRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/test_helpers/test_clocks',
    { frozen_time: integer, name: text(300).optional() },
    (work, { frozen_time, name }) => makeClock(work, frozen_time, name ?? null),
  ),
  route('GET', '/v1/test_helpers/test_clocks', paging, (work, page) =>
    listOf('/v1/test_helpers/test_clocks', work.store.page('test_helpers.test_clock', {}, page)),
  ),
  route('GET', '/v1/test_helpers/test_clocks/:id', {}, (work, _, id) =>
    work.store.require('test_helpers.test_clock', id),
  ),
  route(
    'POST',
    '/v1/test_helpers/test_clocks/:id/advance',
    { frozen_time: integer },
    (work, { frozen_time: target }, id) => advanceClock(work, id, target),
  ),
  route('DELETE', '/v1/test_helpers/test_clocks/:id', {}, (work, _, id) => {
    const clock = requireReady(work, id);
    const onIt = work.at(clock.frozen_time, id);
    for (const customer of work.store.all('customer', { test_clock: id })) deleteCustomer(onIt, customer);
    work.store.remove('test_helpers.test_clock', id);
    const settings = readSettings(work.store);
    if (settings.testClock === id) writeSettings(work.store, { ...settings, testClock: null });
    work.emit('test_helpers.test_clock.deleted', clock);
    return { id, object: 'test_helpers.test_clock', deleted: true };
  }),
];
