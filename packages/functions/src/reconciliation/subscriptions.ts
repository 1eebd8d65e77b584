import { endSubscription } from '@tenantry/core/billing/end-subscription';
import { applyPaymentEvent } from '@tenantry/core/billing/payment-event';
import type { OnboardingInput } from '@tenantry/core/provisioning/onboarding';
import type { ChargedSubscription } from '@tenantry/core/reconciliation/ports';
import type Stripe from 'stripe';
import type { StoresOf } from './scope.ts';

const PAGE = 100;

/** Every subscription that has not ended. */
export async function* chargedSubscriptions(
  stripe: Stripe,
  storesOf: StoresOf,
  provision: (input: OnboardingInput) => Promise<void>,
): AsyncGenerator<ChargedSubscription> {
  const review = async (objectId: string): Promise<void> => {
    const outcome = await applyPaymentEvent(
      { controlOf: (tenantId) => storesOf(tenantId)['tenant-subscription'].Control, stripe, now: () => new Date() },
      { type: 'customer.subscription.updated', objectId },
    );
    if (outcome.kind === 'provision') await provision({ tenantId: outcome.tenantId, run: 1 });
  };
  for await (const { id, status, metadata, customer } of stripe.subscriptions.list({ limit: PAGE })) {
    const customerId = typeof customer === 'string' ? customer : customer.id;
    yield {
      subscriptionId: id,
      status,
      tenantId: metadata.tenantId,
      end: {
        command: `stripe subscriptions cancel ${id}`,
        run: () => endSubscription(stripe, { subscriptionId: id, customerId }),
      },
      review: {
        command: `Send the newest event of the subscription ${id} again in Stripe`,
        run: () => review(id),
      },
    };
  }
}
