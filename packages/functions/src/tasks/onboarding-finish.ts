import { activateTenant, failProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { failOpenStep } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { onboardingTables, onboardingTask, type TaskInput } from './onboarding-task.ts';

const tables = onboardingTables();

const activate = onboardingTask('finish', tables, async ({ tenantId }, at) => {
  await activateTenant(tables, tenantId, at);
  return { ready: true };
});

/** Ends the onboarding: `activate`, or `fail` with the reason. */
export async function handler(event: TaskInput, context: { awsRequestId: string }) {
  if (event.action !== 'fail') return activate(event, context);
  const reason = reasonOf(event.failure ?? {});
  const at = new Date();
  // The timeline first: who sees the company as failed finds the reason there.
  await failOpenStep(tables.control, await loadTenant(tables.control, event.tenantId), reason, at);
  await failProvisioning(tables, event.tenantId, reason, at);
  return { ready: false, reason };
}
