/** What the passing of time will do, and when: at most one appointment for each object, kept beside it. */

import type Stripe from 'stripe';
import type { HiddenTypes, Kind, ObjectTypes } from './kinds.ts';

export const agendaSchema = `
  CREATE TABLE IF NOT EXISTS agenda (
    id TEXT PRIMARY KEY, clock TEXT NOT NULL, at INTEGER NOT NULL, rank INTEGER NOT NULL, sequence INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS dueAgenda ON agenda (clock, at, rank, sequence);
`;

export interface Appointment {
  /** The test clock whose time counts; `''` for the time of day. */
  readonly clock: string;
  /** Seconds since the epoch. */
  readonly at: number;
  /** Of what is due at the same moment, the least is done first. */
  readonly rank: number;
}

const DAY = 86_400;
/** A trial's end is announced this long before. */
export const TRIAL_NOTICE_SECONDS = 3 * DAY;
/** A first payment may be completed for this long. */
export const INCOMPLETE_SECONDS = 23 * 3600;

type Moment = number | null | undefined;
const ranks = { invoice: 0, subscription: 1, 'checkout.session': 2 } as const;

const nameOf = (clock: string | { readonly id: string } | null | undefined): string =>
  typeof clock === 'string' ? clock : (clock?.id ?? '');

function earliest(moments: readonly Moment[]): number | undefined {
  const known = moments.filter((at) => typeof at === 'number');
  return known.length > 0 ? Math.min(...known) : undefined;
}

function subscriptionDue(subscription: Stripe.Subscription, hidden: HiddenTypes['subscription']): number | undefined {
  const { status, trial_end, pause_collection } = subscription;
  if (status === 'incomplete') return subscription.created + INCOMPLETE_SECONDS;
  if (status === 'paused') return subscription.cancel_at ?? undefined;
  if (!['active', 'trialing', 'past_due', 'unpaid'].includes(status)) return undefined;
  const notice =
    status === 'trialing' && trial_end !== null && !hidden.trialNoticed ? trial_end - TRIAL_NOTICE_SECONDS : undefined;
  return earliest([
    ...subscription.items.data.map((item) => item.current_period_end),
    subscription.cancel_at,
    notice,
    pause_collection?.resumes_at,
  ]);
}

function invoiceDue({
  status,
  auto_advance,
  automatically_finalizes_at,
  next_payment_attempt,
}: Stripe.Invoice): Moment {
  if (status === 'draft') return auto_advance ? automatically_finalizes_at : undefined;
  return status === 'open' ? next_payment_attempt : undefined;
}

/** The next thing that time will do to an object. */
export function appointmentOf<K extends Kind>(
  kind: K,
  object: ObjectTypes[K],
  hidden: HiddenTypes[K],
): Appointment | undefined;
export function appointmentOf(_: Kind, object: ObjectTypes[Kind], hidden: HiddenTypes[Kind]): Appointment | undefined {
  const [clock, at, rank] = dueOf(object, hidden);
  return typeof at === 'number' ? { clock, at, rank } : undefined;
}

function dueOf(object: ObjectTypes[Kind], hidden: HiddenTypes[Kind]): [clock: string, at: Moment, rank: number] {
  switch (object.object) {
    case 'invoice':
      return [nameOf(object.test_clock), invoiceDue(object), ranks.invoice];
    case 'subscription':
      return [
        nameOf(object.test_clock),
        subscriptionDue(object, hidden as HiddenTypes['subscription']),
        ranks.subscription,
      ];
    case 'checkout.session': {
      const { clock } = hidden as HiddenTypes['checkout.session'];
      const at = object.status === 'open' ? (clock?.expiresAt ?? object.expires_at) : undefined;
      return [clock?.id ?? '', at, ranks['checkout.session']];
    }
    default:
      return ['', undefined, 0];
  }
}
