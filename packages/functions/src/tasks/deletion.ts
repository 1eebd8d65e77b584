import { findSubscription } from '@tenantry/core/billing/subscription';
import { completeDeletion, saveFound } from '@tenantry/core/deletion/certificate';
import { foundSchema } from '@tenantry/core/deletion/certificate-schema';
import {
  type DeactivatingTenant,
  isBeingDeletedBy,
  isDeactivating,
  makeFinal,
} from '@tenantry/core/deletion/deactivation';
import { deletionActions } from '@tenantry/core/deletion/state-machine';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { recordProblem } from '@tenantry/core/tenant/change';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables } from './onboarding-task.ts';
import { trainingStopper } from './stop-training.ts';
import { changeInput, failureInput, tenantTask } from './tenant-task.ts';

/** The function's own role gives slugs back; the registry is reached with the tenant's credentials. */
const { Control: slugs } = ownTables('tasks/deletion');
const scopeOf = createScope('tasks/deletion');
const stopTraining = trainingStopper();

const inputSchema = z.object({
  ...changeInput,
  action: z.enum(deletionActions.deletion),
  found: foundSchema.omit({ silos: true, subscriptions: true }).optional(),
  failure: failureInput.optional(),
});
type Input = z.infer<typeof inputSchema>;

const current = (tenant: Tenant, { changeId }: Input): DeactivatingTenant | undefined =>
  isDeactivating(tenant) && tenant.deactivation.changeId === changeId ? tenant : undefined;

/** The tenant of a deletion that nothing can undo any more. */
function finalTenant(tenant: Tenant, { changeId }: Input): DeactivatingTenant {
  if (!isBeingDeletedBy(tenant, changeId)) throw new Error('The company is not being deleted by this change.');
  return tenant;
}

/** The tasks of the deletion's state machine about the tenant itself. */
export const handler = tenantTask('deletion step', inputSchema, async (input, requestId) => {
  const { tenantId } = input;
  const tables = lifecycleTables(scopeOf, { tenantId, requestId });
  const tenant = await loadTenant(tables.control, tenantId);
  switch (input.action) {
    case 'begin': {
      const leaving = current(tenant, input);
      if (!leaving) return { current: false, until: new Date().toISOString(), silo: false };
      const { Control: models, Audit } = scopeOf({ tenantId, requestId })['tenant-models'];
      await stopTraining(models, Audit.name, tenantId, 'The company was deactivated.');
      // A tenant whose onboarding failed may have no pods to stop; what there is of its silo is erased all the same.
      const silo = tenant.isolation === 'silo' && leaving.deactivation.from !== 'failed' && !leaving.deactivation.final;
      return { current: true, until: leaving.deactivation.until, silo };
    }
    case 'makeFinal': {
      const leaving = current(tenant, input);
      if (!leaving) return { current: false, settled: new Date().toISOString() };
      try {
        const { settled } = await makeFinal(tables, leaving, new Date());
        return { current: true, settled: settled.toISOString() };
      } catch (error) {
        // It was undone, or asked for at once, between the two.
        if (current(await loadTenant(tables.control, tenantId), input)) throw error;
        return { current: false, settled: new Date().toISOString() };
      }
    }
    case 'saveFound': {
      if (!input.found) throw new Error('Nothing was counted.');
      const { isolation } = finalTenant(tenant, input);
      const subscription = await findSubscription(tables.control, tenantId);
      const silos = isolation === 'silo' ? 1 : 0;
      await saveFound(
        tables.control,
        tenantId,
        { ...input.found, silos, subscriptions: subscription ? 1 : 0 },
        new Date(),
      );
      return {};
    }
    case 'complete': {
      // Its answer may have been lost.
      if (tenant.status === 'deleted') return {};
      const { sha256 } = await completeDeletion({ ...tables, slugs }, finalTenant(tenant, input), new Date());
      return { sha256 };
    }
    case 'fail':
      await recordProblem(tables.control, 'deactivation', input, reasonOf(input.failure ?? {}));
      return {};
  }
});
