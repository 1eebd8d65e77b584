import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

export interface GivenMeter {
  readonly displayName: string;
  readonly eventName: string;
  readonly formula: 'sum' | 'count' | 'last';
  readonly customerKey: string;
  readonly valueKey: string;
  readonly window: 'day' | 'hour' | null;
}

export function newMeter(work: Work, given: GivenMeter): Stripe.Billing.Meter {
  return {
    id: work.id('billing.meter'),
    object: 'billing.meter',
    created: work.now,
    customer_mapping: { event_payload_key: given.customerKey, type: 'by_id' },
    default_aggregation: { formula: given.formula },
    display_name: given.displayName,
    event_name: given.eventName,
    event_time_window: given.window,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: work.now,
    value_settings: { event_payload_key: given.valueKey },
  };
}
