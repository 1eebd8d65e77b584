import * as z from 'zod';
import { certificateSchema } from '../deletion/certificate-schema.ts';
import { healthGrades } from '../health/health.ts';
import { financeMonthSchema } from '../money/finance-row.ts';
import { type CompanySort, companySorts } from '../operator/company-sort.ts';
import { auditEntrySchema } from './audit.ts';
import { billingSchema } from './billing.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';
import { roleSchema, statusSchema, tenantIdSchema, tenantSchema, tierSchema, timeSchema } from './schemas.ts';
import { timelineStepSchema } from './tenant.ts';

export const operatorTenantSchema = tenantSchema.extend({
  isolation: z.enum(['pool', 'silo']),
  /** Onboarding attempts so far. */
  run: z.int(),
  suspension: z
    .object({
      /** What the newest change is to lead to. */
      wanted: z.enum(['suspended', 'active']),
      reason: z.string(),
      since: timeSchema,
      /** Why the newest change did not go through. */
      problem: z.string().nullable(),
    })
    .nullable(),
  /** Why something that a failed onboarding had made could not be taken back. */
  onboardingProblem: z.string().nullable(),
  /** Why the newest deletion came to a halt. */
  deletionProblem: z.string().nullable(),
  /** Why a change of tier came to a halt, or is undone. */
  tierChangeProblem: z.string().nullable(),
});

/** A company with what its month and its health say. */
export const companySchema = operatorTenantSchema.extend({
  health: z.object({
    grade: z.enum(healthGrades),
    lastEventAt: timeSchema.nullable(),
    /** The part of the last day's requests for recommendations that failed by our own fault, from 0 to 1. */
    errorShare: z.number().nullable(),
    training: z.object({ status: z.enum(['running', 'succeeded', 'refused', 'failed']), at: timeSchema }).nullable(),
  }),
  /** Of the present month, in millionths of a US dollar; null before its first settlement. */
  month: z
    .object({
      events: z.number(),
      recommendations: z.number(),
      revenueMicro: z.int(),
      costMicro: z.int(),
      marginMicro: z.int(),
    })
    .nullable(),
});

const sorts = companySorts.flatMap((sort) => [sort, `-${sort}`]) as [CompanySort, ...CompanySort[]];

/** Why staff does something to a tenant: it stands in the tenant's audit log. */
export const reasonSchema = z
  .string()
  .trim()
  .min(3, 'must say why, in at least 3 characters')
  .max(300, 'must have at most 300 characters')
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters');

const access = { by: 'operator' } as const;
const params = z.object({ tenantId: tenantIdSchema });
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

export const operatorRoutes = {
  listTenants: {
    id: 'listTenants',
    method: 'GET',
    path: '/v1/operator/tenants',
    function: 'operator',
    access,
    summary: 'Companies with their health and their month: searched, filtered and sorted',
    query: z.strictObject({
      /** A part of the name or the address, a whole id, or the whole mail address of one of its users. */
      search: z
        .string()
        .trim()
        .toLowerCase()
        .min(1)
        .max(100)
        .regex(/^[^\p{Cc}"\\]+$/u, 'must not hold quotes, backslashes or control characters')
        .optional(),
      status: statusSchema.optional(),
      tier: tierSchema.optional(),
      health: z.enum(healthGrades).optional(),
      sort: z.enum(sorts).default('registered'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({
        tenants: z.array(companySchema),
        /** How many there are in all. */
        found: z.int(),
        cursor: z.string().nullable(),
      }),
    },
    errors,
    cost: 'light',
  },
  readTenant: {
    id: 'readTenant',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}',
    function: 'operator',
    access,
    summary: 'One tenant',
    params,
    response: { status: 200, schema: operatorTenantSchema },
    errors: [...errors, 'not_found'],
    cost: 'light',
  },
  readTenantOverview: {
    id: 'readTenantOverview',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/overview',
    function: 'operator',
    access,
    summary: 'How one tenant stands: its steps, billing, use of the month, and the newest entries of its audit log',
    params,
    response: {
      status: 200,
      schema: z.object({
        tenant: operatorTenantSchema,
        onboarding: z.array(timelineStepSchema),
        /** Of a change of tier that is under way. */
        tierChange: z.array(timelineStepSchema),
        billing: billingSchema,
        users: z.int(),
        /** What each of its users may do, by the id that entries name. */
        roles: z.record(z.string(), roleSchema),
        /** Null before the first settlement of the month. */
        finance: financeMonthSchema.pick({ use: true, marginMicro: true, readAt: true }).nullable(),
        entries: z.array(auditEntrySchema),
      }),
    },
    errors: [...errors, 'not_found'],
    cost: 'light',
  },
  suspendTenant: {
    id: 'suspendTenant',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/suspension',
    function: 'operator',
    access,
    summary: 'Suspend a tenant: it is served no longer, within a minute, and keeps its data',
    params,
    body: z.strictObject({ reason: reasonSchema }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: operatorTenantSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'heavy',
    example: { request: { reason: 'Invoice unpaid since the first of the month' } },
  },
  reactivateTenant: {
    id: 'reactivateTenant',
    method: 'DELETE',
    path: '/v1/operator/tenants/{tenantId}/suspension',
    function: 'operator',
    access,
    summary: 'End the suspension: the tenant is active once all that it needs runs again',
    params,
    query: z.strictObject({ reason: reasonSchema }),
    response: { status: 202, schema: operatorTenantSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'heavy',
  },
  resumeTierChange: {
    id: 'resumeTierChange',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/tier-change/resume',
    function: 'operator',
    access,
    summary: 'Go on with a change of tier that came to a halt',
    params,
    body: z.strictObject({ reason: reasonSchema }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: operatorTenantSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'heavy',
    example: { request: { reason: 'The quota is raised' } },
  },
  deleteTenant: {
    id: 'deleteTenant',
    method: 'POST',
    path: '/v1/operator/tenants/{tenantId}/deletion',
    function: 'operator',
    access,
    summary:
      'Delete a tenant and everything of it now, without the time for undoing; or go on with a deletion that came to a halt',
    params,
    body: z.strictObject({ reason: reasonSchema }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: operatorTenantSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'heavy',
    example: { request: { reason: 'The customer asked for it in writing' } },
  },
  readCertificate: {
    id: 'readCertificate',
    method: 'GET',
    path: '/v1/operator/tenants/{tenantId}/certificate',
    function: 'operator',
    access,
    summary: 'The certificate of a deletion: what was deleted, and when',
    params,
    response: { status: 200, schema: certificateSchema },
    errors: [...errors, 'not_found'],
    cost: 'light',
  },
  startImpersonation: {
    id: 'startImpersonation',
    method: 'POST',
    path: '/v1/operator/impersonations',
    function: 'operator',
    access,
    summary: 'Look at a tenant as one of its viewers, for an hour; the next access token is for it',
    body: z.strictObject({ tenantId: tenantIdSchema, reason: reasonSchema }),
    bodyBytesMax: 4096,
    response: { status: 201, schema: z.object({ tenantId: tenantIdSchema, until: timeSchema }) },
    errors: [...errors, 'not_found', 'illegal_transition'],
    cost: 'light',
    example: {
      request: { tenantId: 'ten_01jcz3v9k2m4n6p8r0s2t4v6w8', reason: 'The customer asked why its list is empty' },
    },
  },
  endImpersonation: {
    id: 'endImpersonation',
    method: 'DELETE',
    path: '/v1/operator/impersonations/{tenantId}',
    function: 'operator',
    access,
    summary: 'Stop looking at the tenant; counts at once',
    params,
    response: { status: 204 },
    errors,
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
