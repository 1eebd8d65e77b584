import { beginProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { ownTables } from '../scoped/own-tables.ts';
import { onboardingTask } from './onboarding-task.ts';

const { Control: control, Audit: audit } = ownTables('tasks/onboarding-begin');
const tables = { control, auditTable: audit.name };

/** `pending` or `failed` → `provisioning`; tells the state machine which way to go. */
export const handler = onboardingTask('begin', control, async ({ tenantId, run }, at) => {
  const { isolation } = await beginProvisioning(tables, tenantId, run, at);
  return { ready: true, isolation };
});
