import Stripe from 'stripe';
import { type UsageBiller, UsageRefused } from './biller.ts';
import type { MeterName } from './meter-name.ts';

/** Stripe keeps identifiers of meter events for 24 hours at least; an hour less leaves room for clocks. */
const REMEMBERS_MS = 23 * 3_600_000;
const PAGE = 100;

/** What a refusal of a meter event says when Stripe has it already. */
const HAS_IT = 'duplicate_meter_event';
/** What the next try may find otherwise. */
const MAY_PASS: ReadonlySet<string> = new Set(['no_meter', 'lock_timeout']);

/** Stripe's meters: one for each of ours, under the same name, that sums up whole units. */
export function stripeBiller(stripe: Stripe): UsageBiller {
  const meterIds = new Map<MeterName, string>();

  async function meterId(meter: MeterName): Promise<string> {
    const known = meterIds.get(meter);
    if (known) return known;
    for await (const { id, event_name } of stripe.billing.meters.list({ status: 'active', limit: PAGE })) {
      meterIds.set(event_name as MeterName, id);
    }
    const found = meterIds.get(meter);
    if (!found) throw new Error(`Stripe has no active meter named ${meter}.`);
    return found;
  }

  return {
    remembersMs: REMEMBERS_MS,
    async report({ customerId, meter, units, at, identifier }) {
      try {
        await stripe.billing.meterEvents.create({
          event_name: meter,
          identifier,
          payload: { stripe_customer_id: customerId, value: String(units) },
          timestamp: Math.floor(at.getTime() / 1000),
        });
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
        if (error.code === HAS_IT) return;
        if (error.code && MAY_PASS.has(error.code)) throw error;
        throw new UsageRefused(error.message, { cause: error });
      }
    },
    async unitsBetween(customerId, meter, from, to) {
      let units = 0;
      const range = { start_time: from.getTime() / 1000, end_time: to.getTime() / 1000 };
      for await (const { aggregated_value } of stripe.billing.meters.listEventSummaries(await meterId(meter), {
        customer: customerId,
        ...range,
        limit: PAGE,
      })) {
        units += aggregated_value;
      }
      return units;
    },
  };
}
