import type { CallOutput } from '../../api/client.ts';
import { api, session } from '../../app.ts';

type Overview = CallOutput<'readTenantOverview'>;
type TenantId = Overview['tenant']['id'];

/** What is said when something is done to a company. */
interface Said {
  readonly reason: string;
  /** What else the action asks for: a tier, or a day. */
  readonly value: string;
}

export interface Action {
  /** What it asks for beside the reason. */
  readonly asks?: 'slug' | 'tier' | 'day';
  readonly look?: 'danger' | 'strong';
  /** Whether it makes sense at present. The API decides; this only spares staff a refusal. */
  readonly offered: (overview: Overview) => boolean;
  /** @returns to how many people a mail went, where it did */
  readonly run: (tenantId: TenantId, said: Said) => Promise<{ readonly recipients?: number } | unknown>;
}

/** What staff can do with a company, each for a reason. */
export const actions = {
  impersonate: {
    offered: ({ tenant }) => tenant.status !== 'deleted',
    run: async (tenantId, { reason }) => {
      await api('startImpersonation', { body: { tenantId, reason } });
      await session.renew();
      window.location.assign('/dashboard');
    },
  },
  retry: {
    look: 'strong',
    offered: ({ tenant }) => tenant.status === 'failed',
    run: (tenantId, { reason }) => api('retryTenantOnboarding', { params: { tenantId }, body: { reason } }),
  },
  reactivate: {
    look: 'strong',
    offered: ({ tenant }) => tenant.suspension !== null,
    run: (tenantId, { reason }) => api('reactivateTenant', { params: { tenantId }, query: { reason } }),
  },
  resume: {
    look: 'strong',
    offered: ({ tenant }) => tenant.tierChange !== null && tenant.tierChangeProblem !== null,
    run: (tenantId, { reason }) => api('resumeTierChange', { params: { tenantId }, body: { reason } }),
  },
  tier: {
    asks: 'tier',
    offered: ({ tenant }) => tenant.status === 'active',
    run: (tenantId, { reason, value }) =>
      api('changeTenantTier', { params: { tenantId }, body: { tier: value as Overview['tenant']['tier'], reason } }),
  },
  trial: {
    asks: 'day',
    offered: ({ billing }) => billing.subscription?.status === 'trialing',
    run: (tenantId, { reason, value }) =>
      api('extendTrial', { params: { tenantId }, body: { until: `${value}T00:00:00.000Z`, reason } }),
  },
  mail: {
    offered: ({ tenant }) => tenant.status !== 'deleted',
    run: (tenantId, { reason }) => api('resendMail', { params: { tenantId }, body: { reason } }),
  },
  suspend: {
    look: 'danger',
    offered: ({ tenant }) => tenant.status === 'active',
    run: (tenantId, { reason }) => api('suspendTenant', { params: { tenantId }, body: { reason } }),
  },
  delete: {
    look: 'danger',
    asks: 'slug',
    offered: ({ tenant }) => ['active', 'suspended', 'failed', 'deactivating'].includes(tenant.status),
    run: (tenantId, { reason }) => api('deleteTenant', { params: { tenantId }, body: { reason } }),
  },
} as const satisfies Record<string, Action>;

export type ActionName = keyof typeof actions;
export const actionNames = Object.keys(actions) as readonly ActionName[];
export const actionNamed = (name: ActionName): Action => actions[name];
