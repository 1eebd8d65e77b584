import { makeReviewDue } from '@tenantry/core/billing/billing-row';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { suspensionActions } from '@tenantry/core/suspension/state-machine';
import { activateAgain, isSuspended, type SuspendedTenant } from '@tenantry/core/suspension/suspension';
import { recordProblem, type TenantTables } from '@tenantry/core/tenant/change';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables } from './onboarding-task.ts';
import { trainingStopper } from './stop-training.ts';
import { changeInput, failureInput, tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/suspension');
const stopTraining = trainingStopper();

const inputSchema = z.object({
  ...changeInput,
  action: z.enum(suspensionActions),
  failure: failureInput.optional(),
});
type Input = z.infer<typeof inputSchema>;

/** The tenant, as long as this change is the newest. */
async function currentTenant(
  { control }: TenantTables,
  { tenantId, changeId }: Input,
): Promise<SuspendedTenant | undefined> {
  const tenant = await loadTenant(control, tenantId);
  return isSuspended(tenant) && tenant.suspension.changeId === changeId ? tenant : undefined;
}

async function begin(tables: TenantTables, input: Input, requestId: string) {
  const tenant = await currentTenant(tables, input);
  if (!tenant) return { wanted: 'superseded', isolation: 'pool' };
  const { isolation, suspension, tenantId } = tenant;
  if (suspension.wanted === 'suspended') {
    const { Control: models, Audit } = scopeOf({ tenantId, requestId })['tenant-models'];
    await stopTraining(models, Audit.name, tenantId, 'The company was suspended.');
  }
  return { wanted: suspension.wanted, isolation };
}

async function activate(tables: TenantTables, input: Input) {
  const tenant = await currentTenant(tables, input);
  if (tenant?.suspension.wanted === 'active') {
    try {
      await activateAgain(tables, tenant, new Date());
    } catch (error) {
      // A newer change may have come between the two, and makes this one void.
      if (await currentTenant(tables, input)) throw error;
    }
  }
  // What it pays for may have changed meanwhile. A repeat, for which there is nothing else to do, may be the first to come this far.
  await makeReviewDue(tables.control, input.tenantId, new Date());
  return {};
}

async function fail({ control }: TenantTables, input: Input) {
  await recordProblem(control, 'suspension', input, reasonOf(input.failure ?? {}));
  return {};
}

const actions = { begin, activate, fail } as const;

/** The tasks of the suspension's state machine, but for the silo. */
export const handler = tenantTask('suspension step', inputSchema, (input, requestId) =>
  actions[input.action](lifecycleTables(scopeOf, { tenantId: input.tenantId, requestId }), input, requestId),
);
