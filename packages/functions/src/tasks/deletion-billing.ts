import { endSubscription, renewSubscription } from '@tenantry/core/billing/end-subscription';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { isBeingDeletedBy, isDeactivating } from '@tenantry/core/deletion/deactivation';
import { deletionActions } from '@tenantry/core/deletion/state-machine';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const stripe = stripeFromEnvironment();
const scopeOf = createScope('tasks/deletion-billing');

const inputSchema = z.object({ ...changeInput, action: z.enum(deletionActions['deletion-billing']) });

/** Ends the subscription of a tenant that leaves: first its renewal, then, when the deletion is final, itself and the customer. */
export const handler = tenantTask(
  'deletion of the subscription',
  inputSchema,
  async ({ tenantId, changeId, action }, requestId) => {
    const registry = scopeOf({ tenantId, requestId })['tenant-registry'].Control;
    const subscription = await findSubscription(registry, tenantId);
    if (!subscription) return { subscription: false };
    const load = () => loadTenant(registry, tenantId);
    if (action === 'end') {
      if (!isBeingDeletedBy(await load(), changeId))
        throw new Error('The company is not being deleted by this change.');
      await endSubscription(stripe, subscription);
      return { subscription: true };
    }
    await renewSubscription(stripe, subscription, false);
    // Whoever undid the deactivation meanwhile wanted it to go on.
    if (!isDeactivating(await load())) await renewSubscription(stripe, subscription, true);
    return { subscription: true };
  },
);
