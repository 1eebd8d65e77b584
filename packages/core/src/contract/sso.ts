import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { arrivalRoles, domainsMax } from '../sso/limits.ts';
import { mailDomainSchema } from '../sso/mail-domain.ts';
import { tenantStatuses } from '../tenant/status.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const whileItExists = tenantStatuses.filter((status) => status !== 'deleted');
const whileItRuns = ['active', 'migrating', 'suspended'] as const;

export const ssoDomainSchema = z.object({
  domain: z.string(),
  status: z.enum(['pending', 'verified']),
  claimedAt: timeSchema,
  verifiedAt: timeSchema.nullable(),
  /** When it is verified no longer, since its record is missing; null while the record is there. */
  lapsesAt: timeSchema.nullable(),
  /** The text record that proves the claim. */
  record: z.object({ name: z.string(), value: z.string() }),
});

const providerView = z.object({
  kind: z.enum(['oidc', 'saml']),
  status: z.enum(['saving', 'ready', 'removing']),
  /** Where it is reached; its secret is shown to nobody. */
  issuer: z.string().nullable(),
  clientId: z.string().nullable(),
  metadataUrl: z.string().nullable(),
  enforced: z.boolean(),
  defaultRole: z.enum(arrivalRoles),
  savedAt: timeSchema,
});

export const ssoSchema = z.object({
  /** Whether the company's tier has single sign-on. */
  included: z.boolean(),
  /** What the company's provider is told of this system. */
  setup: z.object({ redirectUri: z.string(), acsUrl: z.string(), entityId: z.string() }),
  /** What the provider is called at the sign-in. */
  providerName: z.string(),
  domains: z.array(ssoDomainSchema).max(domainsMax),
  provider: providerView.nullable(),
  /** How many have come by the provider. */
  people: z.int(),
});

const text = (max: number) =>
  z.string().trim().min(1, 'must not be empty').max(max, `must have at most ${max} characters`);
const address = z.url('must be an address').max(500, 'must have at most 500 characters');

/** A provider to set up; with the present one's kind and issuer, a change of how it is reached. */
export const ssoProviderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('oidc'),
    issuer: address,
    clientId: text(200),
    /** Given each time: the user pool takes the details of a provider as a whole. */
    clientSecret: text(500),
  }),
  z
    .strictObject({
      kind: z.literal('saml'),
      metadataUrl: address.optional(),
      /** The document itself, for a provider that publishes it nowhere. */
      metadata: text(100_000).optional(),
    })
    .refine(({ metadataUrl, metadata }) => (metadataUrl === undefined) !== (metadata === undefined), {
      message: 'give either the address of the metadata or the metadata',
      path: ['metadataUrl'],
    }),
]);

const errors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active', 'tenant_suspended'] as const;
const domainParams = z.object({ domain: mailDomainSchema });

export const ssoRoutes = {
  getSso: {
    id: 'getSso',
    method: 'GET',
    path: '/v1/tenant/sso',
    function: 'sso',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItExists },
    summary: 'Single sign-on of the active company: its domains, its provider, and what to tell the provider',
    response: { status: 200, schema: ssoSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant'],
    cost: 'light',
  },
  claimSsoDomain: {
    id: 'claimSsoDomain',
    method: 'POST',
    path: '/v1/tenant/sso/domains',
    function: 'sso',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItRuns },
    summary: 'Claim a mail domain; it counts once a text record proves that it is the company’s',
    body: z.strictObject({ domain: mailDomainSchema }),
    bodyBytesMax: 1024,
    response: { status: 201, schema: ssoDomainSchema },
    errors: [...errors, 'invalid_request', 'limit_reached', 'conflict'],
    cost: 'light',
    example: { request: { domain: 'acme.com' } },
  },
  verifySsoDomain: {
    id: 'verifySsoDomain',
    method: 'POST',
    path: '/v1/tenant/sso/domains/{domain}/verification',
    function: 'sso',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItRuns },
    summary: 'Look for the text record of a claimed domain; found, the domain is the company’s alone',
    params: domainParams,
    response: { status: 200, schema: ssoDomainSchema },
    errors: [...errors, 'invalid_request', 'not_found', 'limit_reached', 'conflict', 'unavailable'],
    cost: 'heavy',
  },
  removeSsoDomain: {
    id: 'removeSsoDomain',
    method: 'DELETE',
    path: '/v1/tenant/sso/domains/{domain}',
    function: 'sso',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItRuns },
    summary: 'Let go of a domain: nobody signs in by the provider with an address of it any more',
    params: domainParams,
    response: { status: 204 },
    errors: [...errors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
  },
  saveSsoProvider: {
    id: 'saveSsoProvider',
    method: 'PUT',
    path: '/v1/tenant/sso/provider',
    function: 'sso',
    // Whoever decides which provider is believed can be anybody of the company, so owners alone do.
    access: { by: 'member', roles: ['owner'], statuses: whileItRuns },
    summary: 'Set up the company’s identity provider, or change how it is reached',
    body: ssoProviderSchema,
    bodyBytesMax: 131_072,
    response: { status: 200, schema: ssoSchema },
    errors: [...errors, 'invalid_request', 'limit_reached', 'conflict', 'unavailable'],
    cost: 'heavy',
    example: {
      request: {
        kind: 'oidc',
        issuer: 'https://login.acme.com',
        clientId: 'tenantry',
        clientSecret: 'what the provider gave you',
      },
    },
  },
  changeSsoProvider: {
    id: 'changeSsoProvider',
    method: 'PATCH',
    path: '/v1/tenant/sso/provider',
    function: 'sso',
    access: { by: 'member', roles: ['owner'], statuses: whileItRuns },
    summary: 'Make the provider a duty for addresses of the company’s domains, and say what newcomers may do',
    body: z
      .strictObject({ enforced: z.boolean().optional(), defaultRole: z.enum(arrivalRoles).optional() })
      .refine(
        ({ enforced, defaultRole }) => enforced !== undefined || defaultRole !== undefined,
        'must change something',
      ),
    bodyBytesMax: 1024,
    response: { status: 200, schema: ssoSchema },
    errors: [...errors, 'invalid_request', 'not_found', 'limit_reached', 'conflict'],
    cost: 'light',
    example: { request: { enforced: true, defaultRole: 'viewer' } },
  },
  removeSsoProvider: {
    id: 'removeSsoProvider',
    method: 'DELETE',
    path: '/v1/tenant/sso/provider',
    function: 'sso',
    access: { by: 'member', roles: ['owner'], statuses: whileItRuns },
    summary: 'Remove the provider, with the users that came to be by it; others go on with their passwords',
    response: { status: 204 },
    errors: [...errors, 'not_found', 'conflict', 'unavailable'],
    cost: 'heavy',
  },
  findSignIn: {
    id: 'findSignIn',
    method: 'POST',
    path: '/v1/sign-in',
    function: 'sign-in',
    access: { by: 'anyone' },
    summary: 'Where people of a mail domain sign in: the name of a provider, or null for the ordinary sign-in',
    // In the body, since paths are logged.
    body: z.strictObject({ domain: z.string().trim().toLowerCase().min(1).max(253) }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: z.object({ provider: z.string().nullable(), enforced: z.boolean() }) },
    errors: ['invalid_request'],
    cost: 'light',
    // Enough for a morning of many companies, and slow work for whoever wants to learn which domains are known here.
    throttle: { rate: 20, burst: 60 },
    example: { request: { domain: 'acme.com' }, response: { provider: null, enforced: false } },
  },
} as const satisfies Record<string, Route>;
