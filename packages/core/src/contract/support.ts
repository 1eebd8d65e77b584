import * as z from 'zod';
import { invoiceSchema } from './billing.ts';
import { operatorTenantSchema, reasonSchema } from './operator.ts';
import type { Route } from './route.ts';
import { tenantIdSchema, tierSchema, timeSchema } from './schemas.ts';

const access = { by: 'operator' } as const;
const params = z.object({ tenantId: tenantIdSchema });
const errors = ['unauthenticated', 'forbidden', 'invalid_request', 'not_found'] as const;
const because = { reason: reasonSchema };

/** What staff does for one company beside suspending and deleting it. */
export const supportRoutes = {
  retryTenantOnboarding: {
    id: 'retryTenantOnboarding',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/onboarding/retry',
    function: 'support',
    access,
    summary: 'Begin a failed onboarding once more',
    params,
    body: z.strictObject(because),
    bodyBytesMax: 4096,
    response: { status: 202, schema: z.object({ run: z.int() }) },
    errors: [...errors, 'illegal_transition'],
    cost: 'heavy',
    example: { request: { reason: 'The quota is raised' } },
  },
  changeTenantTier: {
    id: 'changeTenantTier',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/tier',
    function: 'support',
    access,
    summary: 'Move a company to another tier; it is charged as if its owner had asked for it',
    params,
    body: z.strictObject({ tier: tierSchema, ...because }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: operatorTenantSchema },
    errors: [...errors, 'illegal_transition', 'conflict'],
    cost: 'heavy',
    example: { request: { tier: 'premium', reason: 'Agreed on the phone' } },
  },
  extendTrial: {
    id: 'extendTrial',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/trial',
    function: 'support',
    access,
    summary: 'Move the end of a trial to a later time; sent again, it changes nothing',
    params,
    body: z.strictObject({ until: timeSchema, ...because }),
    bodyBytesMax: 4096,
    response: { status: 200, schema: z.object({ trialEnd: timeSchema }) },
    errors: [...errors, 'illegal_transition', 'payment_unavailable'],
    cost: 'heavy',
    example: { request: { until: '2026-12-24T00:00:00.000Z', reason: 'Its developer was ill' } },
  },
  resendMail: {
    id: 'resendMail',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/mails/newest',
    function: 'support',
    access,
    summary: 'Send the newest mail to the owners once more',
    params,
    body: z.strictObject(because),
    bodyBytesMax: 4096,
    response: { status: 200, schema: z.object({ kind: z.string(), recipients: z.int() }) },
    errors: [...errors, 'unavailable'],
    cost: 'heavy',
    example: { request: { reason: 'It was deleted by mistake' } },
  },
  readTenantUsage: {
    id: 'readTenantUsage',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/usage',
    function: 'support',
    access,
    summary:
      'Events and recommendations of a company by the day (UTC), as they were metered: thirty days, today the last',
    params,
    response: {
      status: 200,
      schema: z.object({
        days: z.array(
          z.object({ day: z.string(), events: z.int().nonnegative(), recommendations: z.int().nonnegative() }),
        ),
      }),
    },
    errors,
    cost: 'light',
  },
  readSilo: {
    id: 'readSilo',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/silo',
    function: 'support',
    access,
    summary: 'The silo of a company: what it is to run, and what it says of itself',
    params,
    response: {
      status: 200,
      schema: z.object({
        /** The version that it is to run; null for one from before the first rollout. */
        version: z.string().nullable(),
        ring: z.enum(['canary']).nullable(),
        pinned: z.string().nullable(),
        /** What the replica that answered counts since its start; null when none answers. */
        answer: z.object({ version: z.string(), requests: z.int(), errors: z.int() }).nullable(),
        /** Why none answers. */
        problem: z.string().nullable(),
        /** Its logs in CloudWatch; null on a laptop. */
        logsUrl: z.string().nullable(),
      }),
    },
    errors,
    cost: 'light',
  },
  readSiloLoad: {
    id: 'readSiloLoad',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/silo/load',
    function: 'support',
    access,
    summary:
      'How busy the silo of a company is, by the recommendations that were metered, and how many replicas it has and may have',
    params,
    response: {
      status: 200,
      schema: z.object({
        /** Between these the cluster chooses by their CPU. */
        replicas: z.object({ min: z.int(), max: z.int() }),
        /** How many it has at the moment: asked for, and answering. Null when the cluster does not say. */
        running: z.object({ wanted: z.int(), ready: z.int() }).nullable(),
        /** Recommendations a minute in the newest hour that is over. */
        perMinute: z.number().nonnegative(),
        /** Since when nothing was asked of it, to the hour; null while something is. Idle for a week it is when that began. */
        idleSince: timeSchema.nullable(),
      }),
    },
    errors,
    cost: 'light',
  },
  listTenantInvoices: {
    id: 'listTenantInvoices',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/invoices',
    function: 'support',
    access,
    summary: 'The newest invoices of a company',
    params,
    response: { status: 200, schema: z.object({ invoices: z.array(invoiceSchema) }) },
    errors: [...errors, 'payment_unavailable'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
