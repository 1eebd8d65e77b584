import { SFNClient } from '@aws-sdk/client-sfn';
import { openRun } from '@tenantry/core/provisioning/lifecycle';
import { readTimeline } from '@tenantry/core/provisioning/timeline';
import { renameTenant, tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';
import { startOnboarding } from '../start-onboarding.ts';

const { ONBOARDING_ARN } = readEnvironment({ ONBOARDING_ARN: required });
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
    retryOnboarding: async ({ tenant, requestId }) => {
      const control = controlOf({ tenantId: tenant.tenantId, requestId });
      const run = await openRun(control, tenant);
      await startOnboarding(sfn, ONBOARDING_ARN, { tenantId: tenant.tenantId, run });
      return { status: tenant.status, steps: [...(await readTimeline(control, { ...tenant, run }))] };
    },
  },
);
