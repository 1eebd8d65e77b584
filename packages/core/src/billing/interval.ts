import type Stripe from 'stripe';
import type { Actor } from '../actor/actor.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Interval } from '../tier/price.ts';
import { changePrice } from './change-price.ts';
import { unavailable } from './checkout.ts';
import { planOf } from './plan.ts';
import type { Subscription } from './subscription.ts';

/**
 * Has a company pay by the year or by the month from now on; a new period begins at once, with what was paid credited.
 * @throws {DomainError} `conflict` when it does already, or moves to another tier; `payment_unavailable`
 */
export async function switchInterval(
  stripe: Stripe,
  audit: Table,
  {
    tenant,
    subscription,
    interval,
    actor,
    at,
  }: {
    readonly tenant: Tenant;
    readonly subscription: Subscription;
    readonly interval: Interval;
    readonly actor: Actor;
    readonly at: Date;
  },
): Promise<void> {
  if (tenant.migration)
    throw new DomainError('conflict', 'The company moves to another tier; wait until that is done.');
  const { subscriptionId } = subscription;
  try {
    const present = await stripe.subscriptions.retrieve(subscriptionId);
    if (planOf(present)?.interval === interval)
      throw new DomainError('conflict', `It is paid by the ${interval} already.`);
    const newest =
      typeof present.latest_invoice === 'string' ? present.latest_invoice : (present.latest_invoice?.id ?? '');
    // One change of the present period is one request, however often it is sent.
    await changePrice(stripe, subscription, { tier: tenant.tier, interval }, `interval-${subscriptionId}-${newest}`);
  } catch (error) {
    throw error instanceof DomainError ? error : unavailable(error);
  }
  await appendAudit(audit, {
    tenantId: tenant.tenantId,
    actor,
    action: 'billing.interval',
    details: { to: interval },
    at,
  });
}
