/** Meters, the events that they count, and sums of them. */

import type Stripe from 'stripe';
import * as z from 'zod';
import { onClockOf } from '../billing/clock.ts';
import { cancelUsage, recordUsage, requireMeterFor, summariesWithin } from '../billing/usage.ts';
import type { Work } from '../billing/work.ts';
import { newMeter } from '../objects/meter.ts';
import { invalid } from '../wire/error.ts';
import { integer, oneOf, paging, text } from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { listOf, pageOf, type Route, route } from './route.ts';

const MINUTE = 60;
const windows = { hour: 3600, day: 86_400 } as const;
const RANGE_SECONDS_MAX = 366 * windows.day;

const payloadKey = z.strictObject({ event_payload_key: text(100) });

function change(work: Work, before: Stripe.Billing.Meter, fields: Partial<Stripe.Billing.Meter>): Stripe.Billing.Meter {
  const after = { ...before, ...fields, updated: work.now };
  work.store.update('billing.meter', after);
  return after;
}

/** One active meter for a name, so that an event counts in one place. */
function refuseSecond(work: Work, eventName: string): void {
  const [other] = work.store.all('billing.meter', { event_name: eventName, status: 'active' });
  if (other)
    throw invalid(
      `An active meter already exists with event_name ${eventName} (\`${other.id}\`).`,
      'event_name',
      'resource_already_exists',
    );
}

function usedValue(payload: Readonly<Record<string, string>>, key: string): number {
  const given = payload[key];
  if (given === undefined)
    throw invalid(`The payload must contain the value key ${key}.`, `payload[${key}]`, 'meter_event_value_not_found');
  if (!/^-?\d{1,15}$/.test(given))
    throw invalid(
      `The value of ${key} must be a whole number: ${given.slice(0, 50)}`,
      `payload[${key}]`,
      'meter_event_invalid_value',
    );
  return Number(given);
}

const meterRoutesOnly: readonly Route[] = [
  route(
    'POST',
    '/v1/billing/meters',
    {
      default_aggregation: z.strictObject({ formula: oneOf('sum', 'count', 'last') }),
      display_name: text(250),
      event_name: text(100),
      customer_mapping: payloadKey.extend({ type: oneOf('by_id') }).optional(),
      event_time_window: oneOf('day', 'hour').optional(),
      value_settings: payloadKey.optional(),
    },
    (work, params) => {
      refuseSecond(work, params.event_name);
      const meter = newMeter(work, {
        displayName: params.display_name,
        eventName: params.event_name,
        formula: params.default_aggregation.formula,
        customerKey: params.customer_mapping?.event_payload_key ?? 'stripe_customer_id',
        valueKey: params.value_settings?.event_payload_key ?? 'value',
        window: params.event_time_window ?? null,
      });
      work.store.insert('billing.meter', meter, {});
      work.emit('billing.meter.created', meter);
      return meter;
    },
  ),
  route(
    'GET',
    '/v1/billing/meters',
    { ...paging, status: oneOf('active', 'inactive').optional() },
    (work, { status, ...page }) => listOf('/v1/billing/meters', work.store.page('billing.meter', { status }, page)),
  ),
  route('GET', '/v1/billing/meters/:id', {}, (work, _, id) => work.store.require('billing.meter', id)),
  route('POST', '/v1/billing/meters/:id', { display_name: text(250).optional() }, (work, { display_name }, id) => {
    const before = work.store.require('billing.meter', id);
    const after = change(work, before, { display_name: display_name ?? before.display_name });
    work.emitUpdate('billing.meter.updated', before, after);
    return after;
  }),
  route('POST', '/v1/billing/meters/:id/deactivate', {}, (work, _, id) => {
    const before = work.store.require('billing.meter', id);
    if (before.status !== 'active') throw invalid('This meter is already inactive.');
    const after = change(work, before, { status: 'inactive', status_transitions: { deactivated_at: work.now } });
    work.emit('billing.meter.deactivated', after);
    return after;
  }),
  route('POST', '/v1/billing/meters/:id/reactivate', {}, (work, _, id) => {
    const before = work.store.require('billing.meter', id);
    if (before.status === 'active') throw invalid('This meter is already active.');
    refuseSecond(work, before.event_name);
    const after = change(work, before, { status: 'active', status_transitions: { deactivated_at: null } });
    work.emit('billing.meter.reactivated', after);
    return after;
  }),
];

const usageRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/billing/meter_events',
    {
      event_name: text(100),
      payload: z.record(z.string().max(100), z.string().max(100)),
      identifier: text(100).optional(),
      timestamp: integer.optional(),
    },
    (work, { event_name, payload, identifier = `local_${work.random(24)}`, timestamp }) => {
      const meter = requireMeterFor(work, event_name);
      const key = meter.customer_mapping.event_payload_key;
      const named = payload[key];
      if (named === undefined)
        throw invalid(
          `The payload must contain the customer mapping key ${key}.`,
          `payload[${key}]`,
          'meter_event_no_customer_defined',
        );
      const customer = requireCustomer(work, named, `payload[${key}]`);
      const { now } = onClockOf(work, customer);
      const isCount = meter.default_aggregation.formula === 'count';
      const value = isCount ? 1 : usedValue(payload, meter.value_settings.event_payload_key);
      const at = timestamp ?? now;
      recordUsage(work, { eventName: event_name, identifier, customer: customer.id, value, timestamp: at }, now);
      const event: Stripe.Billing.MeterEvent = {
        object: 'billing.meter_event',
        created: work.now,
        event_name,
        identifier,
        livemode: false,
        payload,
        timestamp: at,
      };
      return event;
    },
  ),
  route(
    'POST',
    '/v1/billing/meter_event_adjustments',
    { event_name: text(100), type: oneOf('cancel'), cancel: z.strictObject({ identifier: text(100) }) },
    (work, { event_name, cancel: { identifier } }) => {
      requireMeterFor(work, event_name);
      cancelUsage(work, event_name, identifier);
      const adjustment: Stripe.Billing.MeterEventAdjustment = {
        object: 'billing.meter_event_adjustment',
        cancel: { identifier },
        event_name,
        livemode: false,
        status: 'complete',
        type: 'cancel',
      };
      return adjustment;
    },
  ),
  route(
    'GET',
    '/v1/billing/meters/:id/event_summaries',
    {
      limit: paging.limit,
      starting_after: paging.starting_after,
      ending_before: paging.ending_before,
      customer: text(),
      start_time: integer,
      end_time: integer,
      value_grouping_window: oneOf('day', 'hour').optional(),
    },
    (work, { customer, start_time: start, end_time: end, value_grouping_window: window, ...page }, id) => {
      const meter = work.store.require('billing.meter', id);
      requireCustomer(work, customer, 'customer');
      const unit = window === undefined ? MINUTE : windows[window];
      for (const [name, at] of Object.entries({ start_time: start, end_time: end }))
        if (at % unit !== 0) throw invalid(`${name} must be aligned with ${window ?? 'minute'} boundaries.`, name);
      if (end <= start) throw invalid('end_time must be after start_time.', 'end_time');
      if (end - start > RANGE_SECONDS_MAX) throw invalid('The range may span a year at most.', 'end_time');
      const size = window === undefined ? undefined : unit;
      const all = summariesWithin(work, meter, customer, { start, end }, size);
      return listOf(`/v1/billing/meters/${id}/event_summaries`, pageOf(all, page));
    },
  ),
];

export const meterRoutes: readonly Route[] = [...meterRoutesOnly, ...usageRoutes];
