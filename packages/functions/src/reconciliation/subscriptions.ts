import { hasEnded } from '@tenantry/core/billing/end-subscription';
import type { ChargedSubscription } from '@tenantry/core/reconciliation/ports';
import type Stripe from 'stripe';

const PAGE = 100;

/** Every subscription that has not ended. */
export async function* chargedSubscriptions(stripe: Stripe): AsyncGenerator<ChargedSubscription> {
  for await (const { id, status, metadata } of stripe.subscriptions.list({ limit: PAGE })) {
    yield {
      subscriptionId: id,
      status,
      tenantId: metadata.tenantId,
      end: {
        // The subscription alone: its customer may be that of another company.
        command: `stripe subscriptions cancel ${id}`,
        run: async () => {
          if (!hasEnded(await stripe.subscriptions.retrieve(id))) await stripe.subscriptions.cancel(id);
        },
      },
    };
  }
}
