import { activateTenant, failProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { failOpenStep } from '@tenantry/core/provisioning/timeline';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { onboardingTables, onboardingTask, type TaskInput } from './onboarding-task.ts';

const tables = onboardingTables();

/** The cause of a Lambda error is its payload as JSON; people want its message. */
function reasonOf(failure: TaskInput['failure']): string {
  const cause = failure?.Cause ?? failure?.Error ?? 'unknown';
  try {
    const parsed: unknown = JSON.parse(cause);
    if (parsed && typeof parsed === 'object' && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not JSON: the cause is a sentence already.
  }
  return cause.slice(0, 500);
}

const activate = onboardingTask('finish', tables, async ({ tenantId }, at) => {
  await activateTenant(tables, tenantId, at);
  return { ready: true };
});

/** Ends the onboarding: `activate`, or `fail` with the reason. */
export async function handler(event: TaskInput, context: { awsRequestId: string }) {
  if (event.action !== 'fail') return activate(event, context);
  const reason = reasonOf(event.failure);
  const at = new Date();
  // The timeline first: who sees the company as failed finds the reason there.
  await failOpenStep(tables.control, await loadTenant(tables.control, event.tenantId), reason, at);
  await failProvisioning(tables, event.tenantId, reason, at);
  return { ready: false, reason };
}
