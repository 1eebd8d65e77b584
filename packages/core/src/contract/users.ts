import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { languageSchema } from '../tenant/language.ts';
import { tenantStatuses } from '../tenant/status.ts';
import type { Route } from './route.ts';
import { invitationIdSchema, roleSchema, tenantIdSchema, timeSchema, userIdSchema } from './schemas.ts';

const whileItExists = tenantStatuses.filter((status) => status !== 'deleted');

/** Mail addresses are compared in lower case, as the user pool does. */
const emailSchema = z.email('must be a mail address').max(254).toLowerCase();

export const companyUserSchema = z.object({
  id: userIdSchema,
  email: z.string(),
  role: roleSchema,
  joinedAt: timeSchema,
});

export const invitationSchema = z.object({
  id: invitationIdSchema,
  email: z.string(),
  role: roleSchema,
  createdAt: timeSchema,
  createdBy: z.string(),
  expiresAt: timeSchema,
});

const tokenSchema = z.strictObject({ token: z.string().min(1).max(200) });
const exampleToken = {
  token: 'inv_01jcz3v9k2m4n6p8r0s2t4v6w8_01jcz4v9k2m4n6p8r0s2t4v6w8_dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXk11',
};

const errors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'] as const;

export const userRoutes = {
  listUsers: {
    id: 'listUsers',
    method: 'GET',
    path: '/v1/tenant/users',
    function: 'users',
    access: { by: 'member', roles: atLeast('member'), statuses: whileItExists },
    summary: 'Who belongs to the active company, in the order in which they joined',
    response: {
      status: 200,
      schema: z.object({ users: z.array(companyUserSchema), allowed: z.int() }),
    },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  changeRole: {
    id: 'changeRole',
    method: 'PATCH',
    path: '/v1/tenant/users/{userId}',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Give a user another role; it counts from the next request. Only owners decide who is an owner',
    params: z.object({ userId: userIdSchema }),
    body: z.strictObject({ role: roleSchema }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: companyUserSchema },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
    example: { request: { role: 'admin' } },
  },
  removeUser: {
    id: 'removeUser',
    method: 'DELETE',
    path: '/v1/tenant/users/{userId}',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Let a user go; it has no access from the next request on',
    params: z.object({ userId: userIdSchema }),
    response: { status: 204 },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
  },
  leaveTenant: {
    id: 'leaveTenant',
    method: 'DELETE',
    path: '/v1/tenant/membership',
    function: 'users',
    access: { by: 'member', roles: atLeast('viewer'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Leave the active company. The last owner stays',
    query: z.strictObject({
      /** The company's slug, so that nobody leaves the wrong one. */
      confirm: z.string().max(64),
    }),
    response: { status: 204 },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
  },
  listInvitations: {
    id: 'listInvitations',
    method: 'GET',
    path: '/v1/tenant/invitations',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItExists },
    summary: 'Invitations that can still be accepted',
    response: { status: 200, schema: z.object({ invitations: z.array(invitationSchema) }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  inviteUser: {
    id: 'inviteUser',
    method: 'POST',
    path: '/v1/tenant/invitations',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'Invite somebody by mail, for a week. An earlier invitation of the same address is replaced',
    body: z.strictObject({
      email: emailSchema,
      role: roleSchema,
      /** Of the mail; the company's when left out. */
      language: languageSchema.optional(),
    }),
    bodyBytesMax: 1024,
    response: { status: 201, schema: invitationSchema },
    errors: [...errors, 'invalid_request', 'conflict', 'limit_reached', 'rate_limited', 'unavailable'],
    idempotent: true,
    cost: 'heavy',
    example: { request: { email: 'ada@example.com', role: 'member', language: 'en' } },
  },
  renewInvitation: {
    id: 'renewInvitation',
    method: 'POST',
    path: '/v1/tenant/invitations/{invitationId}/mail',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'Send the mail again, with another week; the earlier one is good for nothing any more',
    params: z.object({ invitationId: invitationIdSchema }),
    response: { status: 200, schema: invitationSchema },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict', 'rate_limited', 'unavailable'],
    idempotent: true,
    cost: 'heavy',
  },
  revokeInvitation: {
    id: 'revokeInvitation',
    method: 'DELETE',
    path: '/v1/tenant/invitations/{invitationId}',
    function: 'users',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating', 'suspended'] },
    summary: 'Take an invitation back',
    params: z.object({ invitationId: invitationIdSchema }),
    response: { status: 204 },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
  },
  readInvitation: {
    id: 'readInvitation',
    method: 'POST',
    path: '/v1/invitations/reading',
    function: 'invitations',
    access: { by: 'user' },
    summary: 'What an invitation is to; for whoever is signed in with the address that it was sent to',
    // In the body, since paths are logged.
    body: tokenSchema,
    bodyBytesMax: 1024,
    response: { status: 200, schema: z.object({ company: z.string(), role: roleSchema, email: z.string() }) },
    errors: ['unauthenticated', 'invalid_request', 'forbidden', 'not_found'],
    cost: 'light',
    example: { request: exampleToken },
  },
  acceptInvitation: {
    id: 'acceptInvitation',
    method: 'POST',
    path: '/v1/invitations/acceptance',
    function: 'invitations',
    access: { by: 'user' },
    summary: 'Accept an invitation; the next access token is for that company',
    body: tokenSchema,
    bodyBytesMax: 1024,
    response: { status: 200, schema: z.object({ tenantId: tenantIdSchema, role: roleSchema }) },
    errors: ['unauthenticated', 'invalid_request', 'forbidden', 'not_found', 'limit_reached', 'conflict'],
    cost: 'light',
    example: { request: exampleToken },
  },
} as const satisfies Record<string, Route>;
