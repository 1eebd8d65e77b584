import { SFNClient } from '@aws-sdk/client-sfn';
import { markStarted, openRun } from '@tenantry/core/provisioning/lifecycle';
import { readTimeline } from '@tenantry/core/provisioning/timeline';
import { renameTenant, tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';
import { startOnboarding } from '../start-onboarding.ts';

const { ONBOARDING_ARN, AUDIT_TABLE } = readEnvironment({ ONBOARDING_ARN: required, AUDIT_TABLE: required });
const sfn = new SFNClient({});
const controlOf = scopedControl();

export const handler = createApi(
  'tenant',
  { controlOf },
  {
    getTenant: ({ tenant }) => tenantView(tenant),
    updateTenant: async ({ tenant, body, requestId }) =>
      tenantView(await renameTenant(controlOf({ tenantId: tenant.tenantId, requestId }), tenant.tenantId, body.name)),
    getOnboarding: async ({ tenant, requestId }) => ({
      status: tenant.status,
      steps: [...(await readTimeline(controlOf({ tenantId: tenant.tenantId, requestId }), tenant))],
    }),
    retryOnboarding: async ({ tenant, actor, now, requestId }) => {
      const control = controlOf({ tenantId: tenant.tenantId, requestId });
      const run = await openRun(control, tenant);
      await startOnboarding(sfn, ONBOARDING_ARN, { tenantId: tenant.tenantId, run });
      const status = await markStarted({ control, auditTable: AUDIT_TABLE }, tenant, actor, now);
      return { status, steps: [...(await readTimeline(control, { ...tenant, run }))] };
    },
  },
);
