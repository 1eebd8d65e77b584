import { beginProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { onboardingTables, onboardingTask } from './onboarding-task.ts';

const tables = onboardingTables();

/** `pending` or `failed` → `provisioning`; tells the state machine which way to go. */
export const handler = onboardingTask('begin', tables, async ({ tenantId }, at) => {
  const { isolation } = await beginProvisioning(tables, tenantId, at);
  return { ready: true, isolation };
});
