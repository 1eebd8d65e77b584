import { endSubscription } from '@tenantry/core/billing/end-subscription';
import type { ChargedSubscription } from '@tenantry/core/reconciliation/ports';
import type Stripe from 'stripe';

const PAGE = 100;

/** Every subscription that has not ended. */
export async function* chargedSubscriptions(stripe: Stripe): AsyncGenerator<ChargedSubscription> {
  for await (const { id, status, metadata, customer } of stripe.subscriptions.list({ limit: PAGE })) {
    const customerId = typeof customer === 'string' ? customer : customer.id;
    yield {
      subscriptionId: id,
      status,
      tenantId: metadata.tenantId,
      end: {
        command: `stripe customers delete ${customerId}`,
        run: () => endSubscription(stripe, { customerId }),
      },
    };
  }
}
