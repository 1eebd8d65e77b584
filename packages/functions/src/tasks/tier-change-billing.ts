import { changePrice } from '@tenantry/core/billing/change-price';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { tierChangeActions } from '@tenantry/core/tier-change/state-machine';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { tenantTask } from './tenant-task.ts';
import { currentMove, tierChangeInput } from './tier-change-task.ts';

const stripe = stripeFromEnvironment();
const scopeOf = createScope('tasks/tier-change-billing');

const inputSchema = z.object({ ...tierChangeInput, action: z.enum(tierChangeActions['tier-change-billing']) });

/** Puts the subscription on the new tier's price, just before the switch, or back on the old one's. */
export const handler = tenantTask('tier change of the price', inputSchema, async (input, requestId) => {
  const { tenantId, changeId, action } = input;
  const registry = scopeOf({ tenantId, requestId })['tenant-registry'].Control;
  const tenant = currentMove(await loadTenant(registry, tenantId), changeId);
  const subscription = await findSubscription(registry, tenantId);
  if (!tenant || !subscription) return {};
  const { from, to, number } = tenant.migration;
  const tier = action === 'charge' ? to : from;
  await changePrice(stripe, subscription, { tier }, `${tenantId}-tier-${number}-${action}`);
  return { tier };
});
