import { activateTenant, failProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { failOpenStep } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { ownTables } from '../scoped/own-tables.ts';
import { onboardingTask, type TaskInput } from './onboarding-task.ts';

const { Control: control, Audit: audit } = ownTables('tasks/onboarding-finish');
const tables = { control, auditTable: audit.name };

const activate = onboardingTask('finish', control, async ({ tenantId }, at) => {
  await activateTenant(tables, tenantId, at);
  return { ready: true };
});

/** Ends the onboarding: `activate`, or `fail` with the reason. */
export async function handler(event: TaskInput, context: { awsRequestId: string }) {
  if (event.action !== 'fail') return activate(event, context);
  const reason = reasonOf(event.failure ?? {});
  const at = new Date();
  // The timeline first: who sees the company as failed finds the reason there.
  const tenant = await loadTenant(control, event.tenantId);
  await failOpenStep(control, { ...tenant, run: event.run }, reason, at);
  await failProvisioning(tables, event, reason, at);
  return { ready: false, reason };
}
