import { SFNClient } from '@aws-sdk/client-sfn';
import { hasEnded, renewSubscription } from '@tenantry/core/billing/end-subscription';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { deactivateTenant, restoreTenant } from '@tenantry/core/deletion/deactivation';
import { type DeletionInput, deletionExecution } from '@tenantry/core/deletion/state-machine';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { type SuspensionInput, suspensionExecution } from '@tenantry/core/suspension/state-machine';
import { tenantView } from '@tenantry/core/tenant/tenant';
import { type TierChangeInput, tierChangeExecution } from '@tenantry/core/tier-change/state-machine';
import { beginTierChange, type MigratingTenant, undoTierChange } from '@tenantry/core/tier-change/tier-change';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';
import { startExecution } from '../start-execution.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { DELETION_ARN, SUSPENSION_ARN, TIER_CHANGE_ARN } = readEnvironment({
  DELETION_ARN: required,
  SUSPENSION_ARN: required,
  TIER_CHANGE_ARN: required,
});
const sfn = new SFNClient({});
const stripe = stripeFromEnvironment();

async function startTierChange({ tenantId, migration: { changeId } }: MigratingTenant): Promise<void> {
  const input: TierChangeInput = { tenantId, changeId };
  await startExecution(sfn, TIER_CHANGE_ARN, tierChangeExecution(input), input);
}

export const handler = createApi('lifecycle', createScope('api/lifecycle'), {
  deactivateTenant: async ({ tenant, actor, query, scoped, now }) => {
    if (query.confirm !== tenant.slug) {
      throw new DomainError('invalid_request', 'Confirm with the name in the address of the company.', {
        fields: [{ field: 'confirm', message: "must be the company's slug" }],
      });
    }
    const { Control, Audit } = scoped['tenant-lifecycle'];
    const leaving = await deactivateTenant({ control: Control, auditTable: Audit.name }, tenant, { actor, at: now });
    // The status decides; a start that is repeated finds the execution there.
    const input: DeletionInput = { tenantId: leaving.tenantId, changeId: leaving.deactivation.changeId };
    await startExecution(sfn, DELETION_ARN, deletionExecution(input), input);
    return tenantView(leaving);
  },
  changeTier: async ({ tenant, actor, body, scoped, now }) => {
    const { Control, Audit } = scoped['tenant-lifecycle'];
    const moving = await beginTierChange({ control: Control, auditTable: Audit.name }, tenant, body.tier, {
      actor,
      at: now,
    });
    await startTierChange(moving);
    return tenantView(moving);
  },
  undoTierChange: async ({ tenant, actor, scoped, now }) => {
    const { Control, Audit } = scoped['tenant-lifecycle'];
    const moving = await undoTierChange({ control: Control, auditTable: Audit.name }, tenant, { actor, at: now });
    await startTierChange(moving);
    return tenantView(moving);
  },
  restoreTenant: async ({ tenant, actor, scoped, now }) => {
    const { Control, Audit } = scoped['tenant-lifecycle'];
    const subscription = await findSubscription(Control, tenant.tenantId);
    if (subscription && hasEnded(subscription)) {
      throw new DomainError(
        'payment_required',
        'The subscription is over; subscribe again, and the company comes back.',
      );
    }
    // Before the status: were it the other way round, a failure in between would end the subscription of a company that stays.
    if (subscription && !tenant.deactivation?.final) await renewSubscription(stripe, subscription, true);
    const back = await restoreTenant({ control: Control, auditTable: Audit.name }, tenant, { actor, at: now });
    if (back.suspension?.wanted === 'active') {
      const input: SuspensionInput = { tenantId: back.tenantId, changeId: back.suspension.changeId };
      await startExecution(sfn, SUSPENSION_ARN, suspensionExecution(input), input);
    }
    return tenantView(back);
  },
});
