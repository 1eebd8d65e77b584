import * as z from 'zod';
import { shopperCountsSchema } from '../erasure/counts.ts';
import { shopperCertificateSchema } from '../erasure/erasure.ts';
import { atLeast } from '../identity/role.ts';
import { servedStatuses, type TenantStatus } from '../tenant/status.ts';
import type { Route } from './route.ts';
import { opaqueIdSchema, timeSchema } from './schemas.ts';

/** A shopper's wish does not wait for the company's bills. */
const whileThereIsData = [
  'active',
  'migrating',
  'suspended',
  'deactivating',
] as const satisfies readonly TenantStatus[];

export const erasureSchema = z.object({
  id: z.string(),
  status: z.enum(['requested', 'running', 'done', 'failed']),
  /** Null as soon as the shopper is erased. */
  shopperId: z.string().nullable(),
  /** SHA-256, in hexadecimal, of the company's id, `#` and the shopper's. */
  shopperHash: z.string(),
  requestedAt: timeSchema,
  /** A user's id, or an API key's. */
  requestedBy: z.string(),
  /** When a run took it; null before, and when it is done. */
  startedAt: timeSchema.nullable(),
  /** What there was, once it is counted: from then on it is being erased. */
  found: shopperCountsSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** Why it failed; asking for the same shopper again goes on. */
  reason: z.string().nullable(),
  certificate: shopperCertificateSchema.nullable(),
});

const accepted = z.object({ erasureId: z.string(), status: z.enum(['requested', 'running']) });

export const erasureRoutes = {
  eraseShopper: {
    id: 'eraseShopper',
    method: 'DELETE',
    path: '/v1/shoppers/{shopperId}',
    function: 'erasures',
    access: { by: 'apiKey', kinds: ['secret'], statuses: servedStatuses },
    summary: 'Erase everything that names a shopper; asking again, while it is not done, is the same erasure',
    params: z.object({ shopperId: opaqueIdSchema }),
    response: { status: 202, schema: accepted },
    errors: ['invalid_api_key', 'forbidden', 'invalid_request', 'limit_reached', 'rate_limited', 'unavailable'],
    cost: 'heavy',
  },
  requestErasure: {
    id: 'requestErasure',
    method: 'POST',
    path: '/v1/tenant/erasures',
    function: 'erasures',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileThereIsData },
    summary: 'Erase everything that names a shopper, from the console',
    body: z.strictObject({ shopperId: opaqueIdSchema }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: accepted },
    errors: [
      'unauthenticated',
      'forbidden',
      'no_active_tenant',
      'tenant_not_active',
      'invalid_request',
      'limit_reached',
      'conflict',
      'unavailable',
    ],
    cost: 'heavy',
    example: { request: { shopperId: 'shopper-1' } },
  },
  listErasures: {
    id: 'listErasures',
    method: 'GET',
    path: '/v1/tenant/erasures',
    function: 'erasures',
    access: { by: 'member', roles: atLeast('admin'), statuses: whileThereIsData },
    summary: 'Erasures that are owed, then those that are done with their certificates, each the newest first',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(50) }),
    response: { status: 200, schema: z.object({ erasures: z.array(erasureSchema) }) },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
