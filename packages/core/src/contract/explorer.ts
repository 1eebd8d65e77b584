import * as z from 'zod';
import { eventTypes } from '../events/event.ts';
import { atLeast } from '../identity/role.ts';
import { rulesSchema } from '../rules/rule.ts';
import { servedStatuses } from '../tenant/status.ts';
import { recommendationRequestSchema, recommendationSchema } from './recommendation.ts';
import type { Route } from './route.ts';
import { opaqueIdSchema, timeSchema } from './schemas.ts';

const memberErrors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'] as const;
const listSchema = recommendationSchema.pick({ modelVersion: true, items: true });

/** For people who want to see what shoppers would be shown, and why. */
export const explorerRoutes = {
  listShoppers: {
    id: 'listShoppers',
    method: 'GET',
    path: '/v1/tenant/shoppers',
    function: 'recommendations',
    access: { by: 'member', roles: atLeast('member'), statuses: servedStatuses },
    summary: 'Some shoppers, those of the latest days first; a sample where there are many',
    query: z.strictObject({ limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(20) }),
    response: {
      status: 200,
      schema: z.object({ shoppers: z.array(z.object({ shopperId: z.string(), day: z.iso.date() })) }),
    },
    errors: [...memberErrors, 'invalid_request'],
    cost: 'light',
  },
  readShopperEvents: {
    id: 'readShopperEvents',
    method: 'GET',
    path: '/v1/tenant/shoppers/{shopperId}/events',
    function: 'recommendations',
    access: { by: 'member', roles: atLeast('member'), statuses: servedStatuses },
    summary: 'The latest events of a shopper, newest first',
    params: z.object({ shopperId: opaqueIdSchema }),
    query: z.strictObject({ limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(50) }),
    response: {
      status: 200,
      schema: z.object({
        events: z.array(
          z.object({
            id: z.string(),
            itemId: z.string(),
            type: z.enum(eventTypes),
            time: timeSchema,
            sessionId: z.string().optional(),
          }),
        ),
      }),
    },
    errors: [...memberErrors, 'invalid_request'],
    cost: 'light',
  },
  previewRules: {
    id: 'previewRules',
    method: 'POST',
    path: '/v1/tenant/rules/preview',
    function: 'recommendations',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary: 'A list as it is, and as these rules would make it; nothing is kept',
    body: z.strictObject({ rules: rulesSchema, request: recommendationRequestSchema }),
    bodyBytesMax: 320 * 1024,
    response: { status: 200, schema: z.object({ before: listSchema, after: listSchema }) },
    errors: [...memberErrors, 'invalid_request', 'body_too_large', 'unavailable'],
    cost: 'light',
    example: {
      request: {
        rules: [{ name: 'Clearance last', effect: 'bury', on: { category: ['Clearance'] } }],
        request: { shopperId: 'shopper-1', limit: 5 },
      },
    },
  },
} as const satisfies Record<string, Route>;
