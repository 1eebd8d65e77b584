import type Stripe from 'stripe';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { findTenant } from '../tenant/tenant.ts';
import { saveSubscription, subscriptionOf } from './subscription.ts';

/** Events that may mean that a tenant has paid. Whatever they say, the present objects are fetched from Stripe. */
const handled: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
]);

/** Statuses of a subscription that is served. */
const paidStatuses: ReadonlySet<string> = new Set(['active', 'trialing']);

export type PaymentOutcome =
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'recorded' }
  /** The tenant has paid and waits to be provisioned. */
  | { readonly kind: 'provision'; readonly tenantId: TenantId };

/**
 * Brings a tenant's subscription to what Stripe holds now. Safe to repeat, and in any order, since only the newest view
 * stays.
 */
export async function applyPaymentEvent(
  context: {
    /** The registry of the tenant that the subscription names. */
    readonly controlOf: (tenantId: TenantId) => Table;
    readonly stripe: Stripe;
    readonly now: () => Date;
  },
  event: { readonly type: string; readonly objectId: string },
): Promise<PaymentOutcome> {
  const { controlOf, stripe } = context;
  if (!handled.has(event.type)) return { kind: 'ignored', reason: `events of type ${event.type} change nothing` };
  const seenAt = context.now();
  const subscriptionId = event.type.startsWith('checkout.session.')
    ? await subscriptionOfSession(stripe, event.objectId)
    : event.objectId;
  if (!subscriptionId) return { kind: 'ignored', reason: 'the checkout has no subscription' };
  const subscription = await stripe.subscriptions.retrieve(subscriptionId);
  const tenantId = subscription.metadata.tenantId;
  if (!isTenantId(tenantId)) return { kind: 'ignored', reason: 'the subscription names no tenant' };
  const control = controlOf(tenantId);
  const tenant = await findTenant(control, tenantId);
  if (!tenant) return { kind: 'ignored', reason: `there is no tenant ${tenantId}` };
  await saveSubscription(control, tenantId, subscriptionOf(subscription, seenAt));
  return paidStatuses.has(subscription.status) && tenant.status === 'pending'
    ? { kind: 'provision', tenantId }
    : { kind: 'recorded' };
}

async function subscriptionOfSession(stripe: Stripe, sessionId: string): Promise<string | undefined> {
  const session = await stripe.checkout.sessions.retrieve(sessionId);
  if (session.payment_status === 'unpaid') return undefined;
  return typeof session.subscription === 'string' ? session.subscription : session.subscription?.id;
}
