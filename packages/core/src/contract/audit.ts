import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { tenantStatuses } from '../tenant/status.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const whileItExists = tenantStatuses.filter((status) => status !== 'deleted');

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  /** A user's id, `operator:<user id>` for staff of the provider, a key's id, or `system:<name>`. */
  actor: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

const listedSchema = auditEntrySchema.extend({
  /** Its number in the chain; null for the seconds until it is sealed, and for entries of before there was a chain. */
  sealed: z.int().nullable(),
});

const placeSchema = z.object({ number: z.int(), hash: z.string() });
const errors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request'] as const;
const access = { by: 'member', roles: atLeast('admin'), statuses: whileItExists } as const;

export const auditRoutes = {
  listAudit: {
    id: 'listAudit',
    method: 'GET',
    path: '/v1/tenant/audit',
    function: 'audit',
    access,
    summary: 'Who did what and when, newest first; a page may be short and still have a next one',
    query: z
      .strictObject({
        limit: z.coerce.number().int().min(1).max(100).default(50),
        cursor: cursorSchema.optional(),
        from: timeSchema.optional(),
        to: timeSchema.optional(),
        actor: z
          .string()
          .regex(/^[A-Za-z0-9:_-]{1,80}$/, 'must be an actor as entries name it')
          .optional(),
        action: z
          .string()
          .regex(/^[A-Za-z0-9.-]{1,60}$/, 'must be an action as entries name it')
          .optional(),
      })
      .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'must not be before from' }),
    response: {
      status: 200,
      schema: z.object({ entries: z.array(listedSchema), cursor: z.string().nullable() }),
    },
    errors,
    cost: 'light',
  },
  verifyAudit: {
    id: 'verifyAudit',
    method: 'GET',
    path: '/v1/tenant/audit/verification',
    function: 'audit',
    access,
    summary: 'Whether the chain over the log is unbroken, piece by piece',
    query: z.strictObject({ cursor: cursorSchema.optional() }),
    response: {
      status: 200,
      schema: z.object({
        /** How far it is unbroken: the number of entries, and the hash there. */
        unbroken: placeSchema,
        /** When the entry there was sealed. */
        sealedAt: timeSchema.nullable(),
        /** The end of the chain. */
        head: placeSchema,
        broken: z
          .object({
            number: z.int(),
            entryId: z.string().nullable(),
            reason: z.enum(['missing-link', 'missing-entry', 'changed']),
          })
          .nullable(),
        /** Of the newest entries, those that are not sealed yet. */
        waiting: z.int(),
        /** Where to go on; null at the end. */
        cursor: z.string().nullable(),
      }),
    },
    errors,
    cost: 'heavy',
  },
} as const satisfies Record<string, Route>;
