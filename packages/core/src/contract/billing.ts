import * as z from 'zod';
import { standings } from '../billing/standing.ts';
import { todos } from '../billing/todo.ts';
import { atLeast } from '../identity/role.ts';
import { tenantStatuses } from '../tenant/status.ts';
import { currencySchema, intervalSchema } from '../tier/price.ts';
import type { Route } from './route.ts';
import { checkoutSchema, moneySchema, tierSchema, timeSchema } from './schemas.ts';

const whileItExists = tenantStatuses.filter((status) => status !== 'deleted');
const oncePaid = whileItExists.filter((status) => status !== 'pending');

const planSchema = z.object({
  tier: tierSchema,
  interval: intervalSchema,
  currency: currencySchema,
  price: moneySchema,
});

export const billingSchema = z.object({
  /** How the company stands with what it owes. */
  standing: z.enum(standings),
  /** What its owner should do, as a code. */
  todo: z.enum(todos),
  /** Null before the first payment. */
  plan: planSchema.nullable(),
  subscription: z
    .object({
      /** As Stripe calls it. */
      status: z.string(),
      currentPeriodEnd: timeSchema.nullable(),
      trialEnd: timeSchema.nullable(),
      /** When it ends by the owner's wish. */
      endsAt: timeSchema.nullable(),
    })
    .nullable(),
  owed: z
    .object({
      ...moneySchema.shape,
      since: timeSchema,
      /** Where it can be paid; null when only a new subscription helps. */
      payUrl: z.string().nullable(),
      suspendsAt: timeSchema,
      deactivatesAt: timeSchema,
    })
    .nullable(),
});

const lineSchema = z.object({ description: z.string(), amount: z.int() });

export const previewSchema = z.object({
  currency: z.string(),
  /** What is charged at the change itself; 0 where the next invoice settles it. */
  dueNow: z.int(),
  /** The next invoice with the change in it, and when it comes. */
  nextInvoice: z.object({ amount: z.int(), at: timeSchema.nullable(), lines: z.array(lineSchema) }),
});

export const invoiceSchema = z.object({
  id: z.string(),
  number: z.string().nullable(),
  status: z.string(),
  ...moneySchema.shape,
  createdAt: timeSchema,
  /** Stripe's page with the invoice, where it can be paid too. */
  pageUrl: z.string().nullable(),
  pdfUrl: z.string().nullable(),
});

const always = ['unauthenticated', 'forbidden', 'no_active_tenant'] as const;

export const billingRoutes = {
  getBilling: {
    id: 'getBilling',
    method: 'GET',
    path: '/v1/tenant/billing',
    function: 'billing',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItExists },
    summary: 'How the company stands: plan, what is owed, by when, and what to do',
    response: { status: 200, schema: billingSchema },
    errors: always,
    cost: 'light',
  },
  createCheckout: {
    id: 'createCheckout',
    method: 'POST',
    path: '/v1/tenant/billing/checkout',
    function: 'billing',
    access: { by: 'member', roles: ['owner'], statuses: ['pending', 'suspended', 'deactivating'] },
    summary: 'A new payment page for a registration that is not paid yet, or a company whose subscription is over',
    response: { status: 201, schema: checkoutSchema },
    errors: [...always, 'tenant_not_active', 'conflict', 'payment_unavailable'],
    cost: 'heavy',
  },
  createPortal: {
    id: 'createPortal',
    method: 'POST',
    path: '/v1/tenant/billing/portal',
    function: 'billing',
    access: { by: 'member', roles: ['owner'], statuses: oncePaid },
    summary: 'A page of Stripe on which cards, address and invoices are, and the subscription can be cancelled',
    response: { status: 201, schema: z.object({ portalUrl: z.url() }) },
    errors: [...always, 'tenant_not_active', 'not_found', 'payment_unavailable'],
    cost: 'heavy',
  },
  previewPlan: {
    id: 'previewPlan',
    method: 'POST',
    path: '/v1/tenant/billing/preview',
    function: 'billing',
    access: { by: 'member', roles: atLeast('admin'), statuses: ['active', 'migrating'] },
    summary: 'What a change of tier or interval would cost, before it is made',
    body: z.strictObject({ tier: z.string().max(40).optional(), interval: intervalSchema.optional() }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: previewSchema },
    errors: [
      ...always,
      'invalid_request',
      'unknown_tier',
      'tenant_not_active',
      'not_found',
      'conflict',
      'payment_unavailable',
    ],
    cost: 'heavy',
    example: { request: { tier: 'premium', interval: 'year' } },
  },
  changeInterval: {
    id: 'changeInterval',
    method: 'POST',
    path: '/v1/tenant/billing/interval',
    function: 'billing',
    access: { by: 'member', roles: ['owner'], statuses: ['active'] },
    summary: 'Pay by the year or by the month from now on',
    body: z.strictObject({ interval: intervalSchema }),
    bodyBytesMax: 1024,
    response: { status: 202, schema: z.object({ interval: intervalSchema }) },
    errors: [...always, 'invalid_request', 'tenant_not_active', 'not_found', 'conflict', 'payment_unavailable'],
    cost: 'heavy',
    example: { request: { interval: 'year' } },
  },
  listInvoices: {
    id: 'listInvoices',
    method: 'GET',
    path: '/v1/tenant/billing/invoices',
    function: 'billing',
    access: { by: 'member', roles: atLeast('admin'), statuses: oncePaid },
    summary: 'The invoices, newest first',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      /** The last invoice of the page before. */
      cursor: z
        .string()
        .regex(/^in_\w{1,100}$/)
        .optional(),
    }),
    response: { status: 200, schema: z.object({ invoices: z.array(invoiceSchema), cursor: z.string().nullable() }) },
    errors: [...always, 'invalid_request', 'tenant_not_active', 'payment_unavailable'],
    cost: 'light',
  },
  getSubscription: {
    id: 'getSubscription',
    method: 'GET',
    path: '/v1/tenant/billing/subscription',
    function: 'billing',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileItExists },
    summary: 'The subscription as Stripe last told it',
    response: {
      status: 200,
      schema: z.object({
        tier: tierSchema,
        price: moneySchema,
        status: z.string(),
        currentPeriodEnd: timeSchema.nullable(),
      }),
    },
    errors: [...always, 'not_found'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
