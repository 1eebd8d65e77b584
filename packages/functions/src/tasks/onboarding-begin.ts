import { beginProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask } from './onboarding-task.ts';

/** The function's own role keeps slugs; the registry is reached with the tenant's credentials. */
const { Control: slugs } = ownTables('tasks/onboarding-begin');
const scopeOf = createScope('tasks/onboarding-begin');

/** `pending` or `failed` → `provisioning`; tells the state machine which way to go. */
export const handler = onboardingTask('begin', scopeOf, async (input, tables, at) => {
  const { isolation } = await beginProvisioning({ ...tables, slugs }, input, at);
  return { ready: true, isolation };
});
