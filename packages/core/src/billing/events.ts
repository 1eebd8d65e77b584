import type Stripe from 'stripe';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { isGone } from './stripe-view.ts';
import type { BillingMessage } from './webhook.ts';

/** How an event names the customer whose billing may have changed. */
type Naming = 'customer' | 'dispute' | 'clock';

/** The events that are looked at; all others are recorded and ignored. What they say does not matter, but whom they are about. */
export const handledEvents = {
  'checkout.session.completed': 'customer',
  'checkout.session.expired': 'customer',
  'checkout.session.async_payment_succeeded': 'customer',
  'checkout.session.async_payment_failed': 'customer',
  'customer.subscription.created': 'customer',
  'customer.subscription.updated': 'customer',
  'customer.subscription.paused': 'customer',
  'customer.subscription.resumed': 'customer',
  'customer.subscription.deleted': 'customer',
  'customer.subscription.trial_will_end': 'customer',
  'invoice.finalized': 'customer',
  'invoice.paid': 'customer',
  'invoice.payment_failed': 'customer',
  'invoice.payment_action_required': 'customer',
  'invoice.voided': 'customer',
  'invoice.marked_uncollectible': 'customer',
  'customer.deleted': 'customer',
  'charge.dispute.created': 'dispute',
  'charge.dispute.closed': 'dispute',
  /** Time has passed for all customers of a test clock; there are none but in a test mode. */
  'test_helpers.test_clock.ready': 'clock',
} as const satisfies Partial<Record<Stripe.Event.Type, Naming>>;

const isHandled = (type: string): type is keyof typeof handledEvents => Object.hasOwn(handledEvents, type);

/** A company's customer. */
export interface NamedCustomer {
  readonly customerId: string;
  readonly tenantId: TenantId;
  /** Set when the customer's bank took a payment back. */
  readonly dispute?: string;
}

const idOf = (given: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof given === 'string' ? given : given?.id;

/** Whose billing an event is about. @returns undefined for a type that changes nothing */
export async function customersOf(
  stripe: Stripe,
  event: BillingMessage,
): Promise<readonly NamedCustomer[] | undefined> {
  if (!isHandled(event.type)) return undefined;
  switch (handledEvents[event.type]) {
    case 'customer':
      return named(stripe, event.customerId, event.tenantId);
    case 'dispute': {
      const dispute = await stripe.disputes.retrieve(event.objectId);
      const charge = await stripe.charges.retrieve(idOf(dispute.charge) ?? '');
      const found = await named(stripe, idOf(charge.customer));
      return found.map((one) => ({ ...one, dispute: dispute.id }));
    }
    case 'clock': {
      const found: NamedCustomer[] = [];
      for await (const { id, metadata } of stripe.customers.list({ test_clock: event.objectId, limit: 100 })) {
        if (isTenantId(metadata.tenantId)) found.push({ customerId: id, tenantId: metadata.tenantId });
      }
      return found;
    }
  }
}

/**
 * The tenant of a customer, by what the customer itself says; a deleted one says nothing any more. The review looks whether the
 * tenant knows the customer too.
 */
async function named(stripe: Stripe, customerId: string | undefined, hint?: string): Promise<readonly NamedCustomer[]> {
  if (!customerId) return [];
  const customer = await stripe.customers.retrieve(customerId).catch((error: unknown) => {
    if (isGone(error)) return undefined;
    throw error;
  });
  const tenantId = customer && !customer.deleted ? customer.metadata.tenantId : hint;
  return isTenantId(tenantId) ? [{ customerId, tenantId }] : [];
}
