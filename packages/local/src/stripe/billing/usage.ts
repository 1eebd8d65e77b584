/** What customers used, by meter: events as they are reported, and their sums over a time. */

import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { invalid } from '../wire/error.ts';
import type { Work } from './work.ts';

/** Not objects of the API: events cannot be read back one by one. */
export const usageSchema = `
  CREATE TABLE IF NOT EXISTS meterEvents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, eventName TEXT NOT NULL, identifier TEXT NOT NULL, customer TEXT NOT NULL,
    value INTEGER NOT NULL, timestamp INTEGER NOT NULL, receivedAt INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS usageOfCustomer ON meterEvents (eventName, customer, timestamp);
  CREATE INDEX IF NOT EXISTS usageByIdentifier ON meterEvents (identifier, receivedAt);
`;

const DAY = 86_400;
const PAST_DAYS_MAX = 35;
const FUTURE_SECONDS_MAX = 300;
/** How long an identifier is remembered, and how long an event can be cancelled. */
const REMEMBERED_SECONDS = DAY;

export interface UsageEvent {
  readonly eventName: string;
  readonly identifier: string;
  readonly customer: string;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** The meter that counts events of this name. @throws {StripeError} when there is none, or it is inactive */
export function requireMeterFor(work: Work, eventName: string): Stripe.Billing.Meter {
  const meters = work.store.all('billing.meter', { event_name: eventName });
  const active = meters.find(({ status }) => status === 'active');
  if (active) return active;
  if (meters.length > 0)
    throw invalid(`The meter for the event name ${eventName} is deactivated.`, 'event_name', 'archived_meter');
  throw invalid(`No active meter found for event name "${eventName}".`, 'event_name', 'no_meter');
}

/**
 * Counts an event, once for its identifier.
 * @param now the customer's time, which the event's own may precede by 35 calendar days and follow by five minutes
 * @throws {StripeError} for an event that was reported within a day, or is too old or too early
 */
export function recordUsage(work: Work, event: UsageEvent, now: number): void {
  const { sql } = work.store;
  const oldest = now - (now % DAY) - PAST_DAYS_MAX * DAY;
  if (event.timestamp < oldest)
    throw invalid(
      `The event timestamp cannot be more than ${PAST_DAYS_MAX} days in past. Expected a timestamp greater than or equal to ${oldest}.`,
      'timestamp',
      'timestamp_too_far_in_past',
    );
  if (event.timestamp > now + FUTURE_SECONDS_MAX)
    throw invalid('The timestamp must not be more than 5 minutes in the future.', 'timestamp', 'timestamp_in_future');
  const known = sql
    .prepare('SELECT 1 FROM meterEvents WHERE identifier = ? AND receivedAt > ?')
    .get(event.identifier, work.now - REMEMBERED_SECONDS);
  // Stripe's first version of this address gives no code with this refusal; clients have to go by the sentence.
  if (known) throw invalid(`An event already exists with identifier ${event.identifier}.`, 'identifier');
  sql
    .prepare(
      'INSERT INTO meterEvents (eventName, identifier, customer, value, timestamp, receivedAt) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(event.eventName, event.identifier, event.customer, event.value, event.timestamp, work.now);
}

/** Takes an event of the last day back. @throws {StripeError} when there is none */
export function cancelUsage(work: Work, eventName: string, identifier: string): void {
  const { changes } = work.store.sql
    .prepare('DELETE FROM meterEvents WHERE eventName = ? AND identifier = ? AND receivedAt > ?')
    .run(eventName, identifier, work.now - REMEMBERED_SECONDS);
  if (Number(changes) === 0)
    throw invalid(
      `No meter event with identifier ${identifier} was received for ${eventName} within the past 24 hours.`,
      'cancel[identifier]',
      'resource_missing',
    );
}

/** From `start` until before `end`, in seconds since the epoch. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `last` takes the value of the row with the greatest time, which SQLite does beside a lone `max`. */
const aggregates = {
  sum: 'sum(value) AS total',
  count: 'count(*) AS total',
  last: "value AS total, max(printf('%015d%015d', timestamp, sequence))",
} as const;

const aggregateOf = ({ default_aggregation: { formula } }: Stripe.Billing.Meter): string =>
  formula === 'count' ? aggregates.count : formula === 'last' ? aggregates.last : aggregates.sum;

/** What the customer used within the span, by the meter's formula. */
export function usageWithin(work: Work, meter: Stripe.Billing.Meter, customer: string, { start, end }: Span): number {
  const row = work.store.sql
    .prepare(
      `SELECT ${aggregateOf(meter)} FROM meterEvents WHERE eventName = ? AND customer = ? AND timestamp >= ? AND timestamp < ?`,
    )
    .get(meter.event_name, customer, start, end);
  return Number(row?.total ?? 0);
}

/** Sums over windows of the span that have events, newest first; one over the whole span without a window. */
export function summariesWithin(
  work: Work,
  meter: Stripe.Billing.Meter,
  customer: string,
  { start, end }: Span,
  windowSeconds: number | undefined,
): Stripe.Billing.MeterEventSummary[] {
  const summary = (value: number, from: number, until: number): Stripe.Billing.MeterEventSummary => ({
    id: `mtrusg_test_${createHash('sha256').update(`${meter.id} ${customer} ${from} ${until}`).digest('hex').slice(0, 24)}`,
    object: 'billing.meter_event_summary',
    aggregated_value: value,
    end_time: until,
    livemode: false,
    meter: meter.id,
    start_time: from,
  });
  if (windowSeconds === undefined) return [summary(usageWithin(work, meter, customer, { start, end }), start, end)];
  const rows = work.store.sql
    .prepare(
      `SELECT timestamp / CAST(? AS INTEGER) AS place, ${aggregateOf(meter)}
       FROM meterEvents WHERE eventName = ? AND customer = ? AND timestamp >= ? AND timestamp < ? GROUP BY place ORDER BY place DESC`,
    )
    .all(windowSeconds, meter.event_name, customer, start, end);
  return rows.map(({ place, total }) =>
    summary(Number(total), Number(place) * windowSeconds, (Number(place) + 1) * windowSeconds),
  );
}
