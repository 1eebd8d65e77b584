import { SFNClient } from '@aws-sdk/client-sfn';
import { appendAudit } from '@tenantry/core/audit/audit';
import { onboardingOf, readOnboarding, readTimeline } from '@tenantry/core/provisioning/timeline';
import { renameTenant, tenantView } from '@tenantry/core/tenant/tenant';
import { wayOf } from '@tenantry/core/tier-change/migration';
import { tierChangeStepsOf } from '@tenantry/core/tier-change/steps';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';
import { startOnboarding } from '../start-onboarding.ts';

const { ONBOARDING_ARN } = readEnvironment({ ONBOARDING_ARN: required });
const sfn = new SFNClient({});

export const handler = createApi('tenant', createScope('api/tenant'), {
  getTenant: ({ tenant }) => tenantView(tenant),
  updateTenant: async ({ tenant, actor, scoped, body, now }) => {
    const { Control, Audit } = scoped['tenant-settings'];
    const tables = { control: Control, auditTable: Audit.name };
    return tenantView(await renameTenant(tables, tenant, body.name, { actor, at: now }));
  },
  getOnboarding: async ({ tenant, scoped }) => ({
    status: tenant.status,
    run: tenant.run,
    steps: [...(await readOnboarding(scoped['tenant-member'].Control, tenant))],
  }),
  getTierChange: async ({ tenant, scoped }) => {
    const { migration } = tenant;
    if (!migration) return { change: null, steps: [] };
    const { from, to, phase, since, problem = null, number } = migration;
    const journey = { name: 'tier-change', run: number, steps: tierChangeStepsOf[wayOf(migration)] } as const;
    const steps = await readTimeline(scoped['tenant-member'].Control, tenant.tenantId, journey);
    return { change: { from, to, phase, since, problem }, steps: [...steps] };
  },
  retryOnboarding: async ({ tenant, actor, scoped, now }) => {
    // The run begins in the state machine, which alone may change the status. Two retries at once start the same run.
    const run = tenant.run + 1;
    await startOnboarding(sfn, ONBOARDING_ARN, { tenantId: tenant.tenantId, run });
    const { tenantId } = tenant;
    await appendAudit(scoped['tenant-settings'].Audit, {
      tenantId,
      actor,
      action: 'onboarding.retried',
      details: { run },
      at: now,
    });
    const steps = await readTimeline(scoped['tenant-member'].Control, tenantId, onboardingOf({ ...tenant, run }));
    return { status: 'provisioning' as const, run, steps: [...steps] };
  },
});
