import * as z from 'zod';
import { deactivatableStatuses } from '../deletion/deactivatable.ts';
import { atLeast } from '../identity/role.ts';
import { idPattern } from '../ids/id.ts';
import { tenantStatuses } from '../tenant/status.ts';
import { migrationPhases } from '../tier-change/phases.ts';
import { modelsSchema } from './models.ts';
import type { Route } from './route.ts';
import {
  companyNameSchema,
  keyIdSchema,
  keyKindSchema,
  statusSchema,
  tenantSchema,
  tierSchema,
  timeSchema,
} from './schemas.ts';

const whileItExists = tenantStatuses.filter((status) => status !== 'deleted');

/** What became of what a step had made, when the onboarding failed after all. */
export const stepUndoSchema = z.object({
  /** `kept`: it holds data, which is never taken back. */
  outcome: z.enum(['running', 'done', 'kept', 'failed']),
  /** Why it was kept, or could not be taken back yet. */
  reason: z.string().nullable(),
});
export type StepUndo = z.infer<typeof stepUndoSchema>;

export const timelineStepSchema = z.object({
  step: z.string(),
  title: z.string(),
  /** How long the step usually takes on AWS, in seconds. */
  usualSeconds: z.int(),
  outcome: z.enum(['waiting', 'running', 'succeeded', 'failed']),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** Why it failed, or what it waits for. */
  reason: z.string().nullable(),
  attempt: z.int(),
  /** Null while nothing of the step is to be taken back. */
  undo: stepUndoSchema.nullable(),
});
export type TimelineStep = z.infer<typeof timelineStepSchema>;

export const onboardingSchema = z.object({
  status: statusSchema,
  /** Which attempt the steps belong to. */
  run: z.int(),
  steps: z.array(timelineStepSchema),
});

export const tierChangeSchema = z.object({
  change: z
    .object({
      from: tierSchema,
      to: tierSchema,
      phase: z.enum(migrationPhases),
      since: timeSchema,
      /** Why it came to a halt, or is undone. */
      problem: z.string().nullable(),
    })
    .nullable(),
  steps: z.array(timelineStepSchema),
});

export const apiKeySchema = z.object({
  id: keyIdSchema,
  name: z.string(),
  kind: keyKindSchema,
  /** The first characters of the key, to tell keys apart. */
  hint: z.string(),
  createdAt: timeSchema,
  createdBy: z.string(),
  /** Until when it works; null for good. */
  validUntil: timeSchema.nullable(),
  /** A quarter of an hour more or less; null when it was never used. */
  lastUsedAt: timeSchema.nullable(),
});

export const tenantRoutes = {
  getTenant: {
    id: 'getTenant',
    method: 'GET',
    path: '/v1/tenant',
    function: 'tenant',
    access: { by: 'member', roles: atLeast('viewer'), statuses: whileItExists },
    summary: 'The active company',
    response: { status: 200, schema: tenantSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  updateTenant: {
    id: 'updateTenant',
    method: 'PATCH',
    path: '/v1/tenant',
    function: 'tenant',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Change the name of the active company',
    body: z.strictObject({ name: companyNameSchema }),
    bodyBytesMax: 4096,
    response: { status: 200, schema: tenantSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active'],
    cost: 'light',
    example: { request: { name: 'Greener Shop' } },
  },
  deactivateTenant: {
    id: 'deactivateTenant',
    method: 'DELETE',
    path: '/v1/tenant',
    function: 'lifecycle',
    access: { by: 'member', roles: ['owner'], statuses: [...deactivatableStatuses, 'deactivating'] },
    summary: 'Leave: the company is served no longer, and everything of it is deleted after 72 hours',
    query: z.strictObject({
      /** The company's slug, so that nobody deletes the wrong one. */
      confirm: z.string().max(64),
    }),
    response: { status: 202, schema: tenantSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active', 'conflict'],
    cost: 'heavy',
  },
  restoreTenant: {
    id: 'restoreTenant',
    method: 'POST',
    path: '/v1/tenant/restore',
    function: 'lifecycle',
    access: { by: 'member', roles: ['owner'], statuses: ['deactivating'] },
    summary: 'Stay after all: undo the deactivation, as long as the deletion has not begun',
    response: { status: 202, schema: tenantSchema },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'illegal_transition',
      'tenant_not_active',
      'conflict',
      'payment_required',
    ],
    cost: 'heavy',
  },
  getOnboarding: {
    id: 'getOnboarding',
    method: 'GET',
    path: '/v1/tenant/onboarding',
    function: 'tenant',
    access: { by: 'member', roles: atLeast('viewer'), statuses: whileItExists },
    summary: 'How far the onboarding is, step by step',
    response: { status: 200, schema: onboardingSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  changeTier: {
    id: 'changeTier',
    method: 'POST',
    path: '/v1/tenant/tier',
    function: 'lifecycle',
    access: { by: 'member', roles: ['owner'], statuses: ['active', 'migrating'] },
    summary: 'Move to another tier while the shoppers are served',
    /** Checked against the catalogue by the operation, so that an unknown tier has an error of its own. */
    body: z.strictObject({ tier: z.string().max(40) }),
    bodyBytesMax: 1024,
    response: { status: 202, schema: tenantSchema },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'invalid_request',
      'unknown_tier',
      'tenant_not_active',
      'conflict',
    ],
    cost: 'heavy',
    example: { request: { tier: 'premium' } },
  },
  undoTierChange: {
    id: 'undoTierChange',
    method: 'DELETE',
    path: '/v1/tenant/tier',
    function: 'lifecycle',
    access: { by: 'member', roles: ['owner'], statuses: ['active', 'migrating'] },
    summary: 'Undo a change of tier, as long as the new place does not serve',
    response: { status: 202, schema: tenantSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'illegal_transition', 'tenant_not_active', 'conflict'],
    cost: 'heavy',
  },
  getTierChange: {
    id: 'getTierChange',
    method: 'GET',
    path: '/v1/tenant/tier',
    function: 'tenant',
    access: { by: 'member', roles: atLeast('viewer'), statuses: whileItExists },
    summary: 'How far a change of tier is, step by step; null when none is under way',
    response: { status: 200, schema: tierChangeSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  retryOnboarding: {
    id: 'retryOnboarding',
    method: 'POST',
    path: '/v1/tenant/onboarding/retry',
    function: 'tenant',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['failed'] },
    summary: 'Try a failed onboarding again',
    response: { status: 202, schema: onboardingSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'illegal_transition', 'tenant_not_active'],
    cost: 'heavy',
  },
  listApiKeys: {
    id: 'listApiKeys',
    method: 'GET',
    path: '/v1/tenant/api-keys',
    function: 'keys',
    access: { by: 'member', roles: atLeast('member'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'The API keys, without their secrets',
    response: { status: 200, schema: z.object({ apiKeys: z.array(apiKeySchema) }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'],
    cost: 'light',
  },
  createApiKey: {
    id: 'createApiKey',
    method: 'POST',
    path: '/v1/tenant/api-keys',
    function: 'keys',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'Create an API key; its secret is shown this once',
    body: z.strictObject({
      name: companyNameSchema,
      kind: keyKindSchema,
      /** After so many days it stops to work; left out, it works until it is revoked. */
      validDays: z.int().min(1).max(730).optional(),
    }),
    bodyBytesMax: 4096,
    response: { status: 201, schema: z.object({ apiKey: apiKeySchema, secret: z.string() }) },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'invalid_request',
      'tenant_not_active',
      'limit_reached',
    ],
    idempotent: true,
    cost: 'light',
    example: { request: { name: 'Web shop', kind: 'publishable' } },
  },
  revokeApiKey: {
    id: 'revokeApiKey',
    method: 'DELETE',
    path: '/v1/tenant/api-keys/{keyId}',
    function: 'keys',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Revoke an API key; it stops working within a minute',
    params: z.object({ keyId: keyIdSchema }),
    response: { status: 204 },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'not_found', 'tenant_not_active'],
    cost: 'light',
  },
  getActivity: {
    id: 'getActivity',
    method: 'GET',
    path: '/v1/tenant/activity',
    function: 'activity',
    access: { by: 'member', roles: atLeast('viewer'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Events by the minute',
    query: z.strictObject({
      minutes: z.coerce.number().int().min(1).max(1440).default(60),
    }),
    response: {
      status: 200,
      schema: z.object({
        minutes: z.array(z.object({ minute: timeSchema, events: z.int() })),
        /** Events archived since the tenant was registered. */
        archivedEvents: z.int(),
        /** When the last events arrived; null before the first. */
        lastArrivedAt: timeSchema.nullable(),
      }),
    },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active'],
    cost: 'light',
  },
  listModels: {
    id: 'listModels',
    method: 'GET',
    path: '/v1/tenant/models',
    function: 'models',
    access: { by: 'member', roles: atLeast('viewer'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'The trained models, newest first, the training that runs and those that have ended',
    response: { status: 200, schema: modelsSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'],
    cost: 'light',
  },
  trainModel: {
    id: 'trainModel',
    method: 'POST',
    path: '/v1/tenant/models/training',
    function: 'models',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'Train a model from the archived events now',
    response: { status: 202, schema: z.object({ status: z.literal('running') }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active', 'conflict', 'limit_reached'],
    idempotent: true,
    cost: 'heavy',
  },
  serveModel: {
    id: 'serveModel',
    method: 'POST',
    path: '/v1/tenant/models/{version}/serve',
    function: 'models',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'Let a model serve that was trained before, also one that was held back',
    params: z.object({ version: z.string().regex(idPattern('model'), 'must be the version of a model') }),
    response: { status: 200, schema: z.object({ version: z.string() }) },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'tenant_not_active',
      'invalid_request',
      'not_found',
      'conflict',
    ],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
