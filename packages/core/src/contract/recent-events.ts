import * as z from 'zod';
import { eventTypes } from '../events/event.ts';
import { atLeast } from '../identity/role.ts';
import { servedStatuses } from '../tenant/status.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

/** For people who want to see what their shop sends. */
export const recentEventRoutes = {
  listRecentEvents: {
    id: 'listRecentEvents',
    method: 'GET',
    path: '/v1/tenant/events/recent',
    function: 'activity',
    access: { by: 'member', roles: atLeast('member'), statuses: servedStatuses },
    summary: 'Events of the last hour, those seen last first; a sample in shops that send many',
    query: z.strictObject({
      /** The `readAt` of the answer before: only what was seen since then, and some of what was seen shortly before. */
      after: timeSchema.optional(),
      limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(100),
    }),
    response: {
      status: 200,
      schema: z.object({
        events: z.array(
          z.object({
            id: z.string(),
            shopperId: z.string(),
            itemId: z.string(),
            type: z.enum(eventTypes),
            /** When it happened, as the shop says. */
            time: timeSchema,
            /** When it came to be seen here. */
            seenAt: timeSchema,
            sessionId: z.string().optional(),
            /** The API key that sent it. */
            keyId: z.string().optional(),
          }),
        ),
        readAt: timeSchema,
      }),
    },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active', 'invalid_request'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
