import { activateTenant, failProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { failOpenStep, onboardingOf } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { createScope } from '../scoped/scope.ts';
import { lifecycleTables, onboardingTask, type TaskInput } from './onboarding-task.ts';

const scopeOf = createScope('tasks/onboarding-finish');

const activate = onboardingTask('finish', scopeOf, async ({ tenantId }, tables, at) => {
  await activateTenant(tables, tenantId, at);
  return { ready: true };
});

/** Ends the onboarding: `activate`, or `fail` with the reason. */
export async function handler(event: TaskInput, context: { awsRequestId: string }) {
  if (event.action !== 'fail') return activate(event, context);
  const { tenantId, run } = event;
  const tables = lifecycleTables(scopeOf, { tenantId, requestId: context.awsRequestId });
  const reason = reasonOf(event.failure ?? {});
  const at = new Date();
  // The timeline first: who sees the company as failed finds the reason there.
  const tenant = await loadTenant(tables.control, tenantId);
  await failOpenStep(tables.control, tenantId, onboardingOf({ ...tenant, run }), reason, at);
  await failProvisioning(tables, event, reason, at);
  return { ready: false, reason };
}
