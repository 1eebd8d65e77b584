import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { idPattern } from '../ids/id.ts';
import { webhookEventTypes } from '../webhook/events.ts';
import { deliveryStatuses, offReasons } from '../webhook/states.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const URL_CHARS_MAX = 2048;
const DESCRIPTION_CHARS_MAX = 200;

const webhookIdSchema = z.string().regex(idPattern('webhook'), 'must be the id of a webhook');
const messageIdSchema = z.string().regex(idPattern('message'), 'must be the id of a message');
const eventTypeSchema = z.enum(webhookEventTypes);

const urlSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(URL_CHARS_MAX, `must have at most ${URL_CHARS_MAX} characters`);
const descriptionSchema = z
  .string()
  .trim()
  .max(DESCRIPTION_CHARS_MAX, `must have at most ${DESCRIPTION_CHARS_MAX} characters`)
  .regex(/^[^\p{Cc}<>]*$/u, 'must not hold control characters or angle brackets');
const eventsSchema = z
  .array(eventTypeSchema)
  .min(1, 'must name at least one type of event')
  .max(webhookEventTypes.length)
  .refine((events) => new Set(events).size === events.length, 'must name each type once');

export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(eventTypeSchema),
  enabled: z.boolean(),
  createdAt: timeSchema,
  /** A user's id. */
  createdBy: z.string(),
  /** Until when the secret before the present one signs too; null when none does. */
  previousSecretUntil: timeSchema.nullable(),
  /** Since when nothing was taken; null when the last attempt was. */
  failingSince: timeSchema.nullable(),
  /** Why it is off, when that was not the company's own doing. */
  off: z.object({ reason: z.enum(offReasons), at: timeSchema }).nullable(),
});

export const deliverySchema = z.object({
  /** The same with every attempt; `webhook-id` carries it. */
  messageId: z.string(),
  type: z.string(),
  status: z.enum(deliveryStatuses),
  createdAt: timeSchema,
  nextAttemptAt: timeSchema.nullable(),
  /** The body as it is sent. */
  payload: z.string(),
  attempts: z.array(
    z.object({
      requestId: z.string(),
      at: timeSchema,
      ms: z.int(),
      /** Of HTTP; null when there was no answer. */
      status: z.int().nullable(),
      /** The first kilobyte of the answer, or why there was none. */
      answer: z.string(),
    }),
  ),
});

const withSecret = z.object({ webhook: webhookSchema, secret: z.string() });
const whileServed = ['active', 'migrating'] as const;
const whileThereIsData = ['active', 'migrating', 'suspended', 'deactivating'] as const;
const memberErrors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'] as const;
const onOne = [...memberErrors, 'invalid_request', 'not_found'] as const;

export const tenantWebhookRoutes = {
  listWebhooks: {
    id: 'listWebhooks',
    method: 'GET',
    path: '/v1/tenant/webhooks',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileThereIsData },
    summary: 'The addresses that are told of events, without their secrets',
    response: { status: 200, schema: z.object({ webhooks: z.array(webhookSchema), allowed: z.int() }) },
    errors: memberErrors,
    cost: 'light',
  },
  createWebhook: {
    id: 'createWebhook',
    method: 'POST',
    path: '/v1/tenant/webhooks',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileServed },
    summary: 'Have an address told of events; its signing secret is shown this once',
    body: z.strictObject({ url: urlSchema, description: descriptionSchema.default(''), events: eventsSchema }),
    bodyBytesMax: 8192,
    response: { status: 201, schema: withSecret },
    errors: [...memberErrors, 'invalid_request', 'limit_reached'],
    idempotent: true,
    cost: 'light',
    example: { request: { url: 'https://shop.example.com/hooks', events: ['model.promoted', 'training.failed'] } },
  },
  updateWebhook: {
    id: 'updateWebhook',
    method: 'PATCH',
    path: '/v1/tenant/webhooks/{webhookId}',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileServed },
    summary: 'Change an address, what it is told of, or switch it on or off',
    params: z.object({ webhookId: webhookIdSchema }),
    body: z.strictObject({
      url: urlSchema.optional(),
      description: descriptionSchema.optional(),
      events: eventsSchema.optional(),
      enabled: z.boolean().optional(),
    }),
    bodyBytesMax: 8192,
    response: { status: 200, schema: webhookSchema },
    errors: [...onOne, 'conflict'],
    cost: 'light',
    example: { request: { enabled: false } },
  },
  deleteWebhook: {
    id: 'deleteWebhook',
    method: 'DELETE',
    path: '/v1/tenant/webhooks/{webhookId}',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileThereIsData },
    summary: 'Tell an address nothing any more; what waits for it is not sent',
    params: z.object({ webhookId: webhookIdSchema }),
    response: { status: 204 },
    errors: onOne,
    cost: 'light',
  },
  rotateWebhookSecret: {
    id: 'rotateWebhookSecret',
    method: 'POST',
    path: '/v1/tenant/webhooks/{webhookId}/secret',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileServed },
    summary: 'Make a new signing secret, shown this once; the old one signs beside it for a day',
    params: z.object({ webhookId: webhookIdSchema }),
    response: { status: 201, schema: withSecret },
    errors: [...onOne, 'conflict'],
    idempotent: true,
    cost: 'light',
  },
  testWebhook: {
    id: 'testWebhook',
    method: 'POST',
    path: '/v1/tenant/webhooks/{webhookId}/test',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileServed },
    summary: 'Send a test event to an address',
    params: z.object({ webhookId: webhookIdSchema }),
    response: { status: 202, schema: z.object({ messageId: z.string() }) },
    errors: [...onOne, 'conflict'],
    cost: 'light',
  },
  listDeliveries: {
    id: 'listDeliveries',
    method: 'GET',
    path: '/v1/tenant/webhooks/{webhookId}/deliveries',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileThereIsData },
    summary: 'What became of the events of the last 30 days, newest first',
    params: z.object({ webhookId: webhookIdSchema }),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(50).default(20),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({ deliveries: z.array(deliverySchema), cursor: z.string().nullable() }),
    },
    errors: onOne,
    cost: 'light',
  },
  redeliver: {
    id: 'redeliver',
    method: 'POST',
    path: '/v1/tenant/webhooks/{webhookId}/deliveries/{messageId}/redelivery',
    function: 'webhooks',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileServed },
    summary: 'Send a message again, with the id that it had',
    params: z.object({ webhookId: webhookIdSchema, messageId: messageIdSchema }),
    response: { status: 202, schema: deliverySchema },
    errors: [...onOne, 'conflict'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
