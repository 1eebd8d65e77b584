import * as z from 'zod';
import { flagNames } from '../flag/flags.ts';
import { type MailCategory, mailCategorySchema, unsubscribeTokenPattern } from '../mail/categories.ts';
import { languageSchema } from '../tenant/language.ts';
import { currencySchema, intervalSchema } from '../tier/price.ts';
import type { Route } from './route.ts';
import {
  checkoutSchema,
  companyNameSchema,
  roleSchema,
  slugSchema,
  slugStates,
  tenantIdSchema,
  tenantSchema,
  timeSchema,
} from './schemas.ts';

const mailChoicesSchema = z.object({ weeklyReport: z.boolean(), announcements: z.boolean() } satisfies Record<
  MailCategory,
  z.ZodType
>);

export const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  activeTenantId: tenantIdSchema.nullable(),
  memberships: z.array(z.object({ role: roleSchema, tenant: tenantSchema })),
  /** Whether the user is staff of the provider. */
  operator: z.boolean(),
  /** In which the user reads; null while it chose none. */
  language: languageSchema.nullable(),
  /** Which mails the user gets of those that one may do without. */
  mails: mailChoicesSchema,
  /** Of staff of the provider: the tenant that it looks at, and until when. */
  impersonation: z.object({ tenantId: tenantIdSchema, until: timeSchema }).nullable(),
  /** What is switched on for the company that the user works in; null without one. */
  flags: z.record(z.enum(flagNames), z.boolean()).nullable(),
});

export const registrationSchema = z.strictObject({
  name: companyNameSchema,
  slug: slugSchema,
  /** Checked against the catalogue by the operation, so that an unknown tier has an error of its own. */
  tier: z.string().max(40),
  /** By the month when left out. */
  interval: intervalSchema.optional(),
  /** In US dollars when left out. It cannot be changed later. */
  currency: currencySchema.optional(),
  /** In which mails to the company are written; English when left out. */
  language: languageSchema.optional(),
});

export const identityRoutes = {
  getMe: {
    id: 'getMe',
    method: 'GET',
    path: '/v1/me',
    function: 'me',
    access: { by: 'user' },
    summary: 'The signed-in user and the companies it is a member of',
    response: { status: 200, schema: meSchema },
    errors: ['unauthenticated'],
    cost: 'light',
  },
  updateMe: {
    id: 'updateMe',
    method: 'PATCH',
    path: '/v1/me',
    function: 'me',
    access: { by: 'user' },
    summary: 'Choose the language of the site and of mails to the user',
    body: z.strictObject({ language: languageSchema }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: z.object({ language: languageSchema }) },
    errors: ['unauthenticated', 'invalid_request'],
    cost: 'light',
    example: { request: { language: 'ko' } },
  },
  chooseMails: {
    id: 'chooseMails',
    method: 'PATCH',
    path: '/v1/me/mails',
    function: 'me',
    access: { by: 'user' },
    summary: 'Choose which mails to get, of those that one may do without; what is not named stays',
    body: z
      .strictObject(mailChoicesSchema.partial().shape)
      .refine((choices) => Object.keys(choices).length > 0, 'must name at least one kind of mail'),
    bodyBytesMax: 1024,
    response: { status: 200, schema: mailChoicesSchema },
    errors: ['unauthenticated', 'invalid_request'],
    cost: 'light',
    example: { request: { weeklyReport: false } },
  },
  unsubscribe: {
    id: 'unsubscribe',
    method: 'POST',
    path: '/v1/mails/unsubscribe/{token}',
    function: 'mails',
    // Mail programs call it for their readers (RFC 8058): the token says who that is, and a body of theirs is not read.
    access: { by: 'anyone' },
    summary: 'Get no more mails of the kind that the token of a mail names',
    params: z.object({ token: z.string().regex(unsubscribeTokenPattern, 'must be the token of a mail') }),
    response: { status: 200, schema: z.object({ category: mailCategorySchema }) },
    errors: ['invalid_request', 'not_found'],
    cost: 'light',
  },
  setActiveTenant: {
    id: 'setActiveTenant',
    method: 'POST',
    path: '/v1/me/active-tenant',
    function: 'me',
    access: { by: 'user' },
    summary: 'Choose the company that the next access token is for',
    body: z.strictObject({ tenantId: tenantIdSchema }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: z.object({ activeTenantId: tenantIdSchema }) },
    errors: ['unauthenticated', 'invalid_request', 'not_found'],
    cost: 'light',
    example: { request: { tenantId: 'ten_01jcz3v9k2m4n6p8r0s2t4v6w8' } },
  },
  checkSlug: {
    id: 'checkSlug',
    method: 'GET',
    path: '/v1/slugs/{slug}',
    function: 'registration',
    access: { by: 'user' },
    summary: 'Whether a company could get this address at the moment',
    params: z.object({ slug: slugSchema }),
    response: { status: 200, schema: z.object({ slug: z.string(), state: z.enum(slugStates) }) },
    errors: ['unauthenticated', 'invalid_request', 'rate_limited'],
    cost: 'light',
  },
  registerTenant: {
    id: 'registerTenant',
    method: 'POST',
    path: '/v1/tenants',
    function: 'registration',
    access: { by: 'user' },
    summary: 'Register a company; it is provisioned once it has paid. Sent again, it gives a new payment page',
    body: registrationSchema,
    bodyBytesMax: 4096,
    response: { status: 201, schema: z.object({ tenant: tenantSchema, ...checkoutSchema.shape }) },
    errors: [
      'unauthenticated',
      'invalid_request',
      'unknown_tier',
      'slug_taken',
      'slug_reserved',
      'limit_reached',
      'conflict',
      'payment_unavailable',
    ],
    cost: 'heavy',
    example: {
      request: {
        name: 'Green Shop',
        slug: 'green-shop',
        tier: 'standard',
        interval: 'year',
        currency: 'eur',
        language: 'en',
      },
    },
  },
} as const satisfies Record<string, Route>;
