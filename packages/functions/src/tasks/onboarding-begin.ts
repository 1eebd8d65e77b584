import { resumeCompensation } from '@tenantry/core/provisioning/compensation';
import { beginProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { executionInput, lifecycleTables, onboardingTask, type TaskOutcome } from './onboarding-task.ts';
import { tenantTask } from './tenant-task.ts';

/** The function's own role keeps slugs; the registry is reached with the tenant's credentials. */
const { Control: slugs } = ownTables('tasks/onboarding-begin');
const scopeOf = createScope('tasks/onboarding-begin');

const begin = onboardingTask('begin', scopeOf, async (input, tables, at) => {
  const beginning = await beginProvisioning({ ...tables, slugs }, input, at);
  if (beginning.way === 'wait') {
    return { ready: false, reason: 'What the last attempt had made is being taken back', isolation: '', way: '' };
  }
  return { ready: true, isolation: beginning.tenant.isolation, way: 'on' };
});

/**
 * `pending` or `failed` → `provisioning`; tells the state machine which way to go. A run that failed already is taken back anew: its reason
 * stays on the timeline.
 */
export const handler = async (event: unknown, context: { awsRequestId: string }) => {
  const resumed = await resume(event, context);
  return 'way' in resumed ? resumed : begin(event, context);
};

const resume = tenantTask('onboarding resumed', executionInput, async (input, requestId) => {
  const tables = lifecycleTables(scopeOf, { tenantId: input.tenantId, requestId });
  const tenant = await resumeCompensation(tables, input, input.execution, new Date());
  if (!tenant) return {};
  const { isolation, compensation } = tenant;
  return { ready: true, isolation, way: 'back', reason: compensation.reason } satisfies TaskOutcome;
});
