import { loadTenant } from '@tenantry/core/tenant/tenant';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask } from './onboarding-task.ts';

const scopeOf = createScope('tasks/onboarding-pool');

/**
 * A pooled tenant needs nothing of its own: its rows, objects and sessions are told apart by its id. The step checks that the
 * tenant is meant for the pool, so that a silo is never skipped by mistake.
 */
export const handler = onboardingTask('pool', scopeOf, async ({ tenantId }, { control }) => {
  const { isolation, tier } = await loadTenant(control, tenantId);
  if (isolation !== 'pool') throw new Error(`The tier ${tier} needs a silo, not a place in the pool.`);
  return { ready: true };
});
