import * as z from 'zod';
import { rolloutIdSchema } from '../fleet/current.ts';
import { rolloutStatuses } from '../fleet/rollout.ts';
import { rolloutOutcomes } from '../fleet/rollout-tenants.ts';
import { versionSchema } from '../fleet/version.ts';
import { cursorSchema } from './cursor.ts';
import { reasonSchema } from './operator.ts';
import type { Route } from './route.ts';
import { statusSchema, tenantIdSchema, tierSchema, timeSchema } from './schemas.ts';

const siloSchema = z.object({
  tenantId: tenantIdSchema,
  slug: z.string(),
  tier: tierSchema,
  status: statusSchema,
  /** The version of the recommender that it is to run. */
  version: z.string(),
  ring: z.enum(['canary']).nullable(),
  /** The version that it keeps, whatever is rolled out. */
  pinned: z.string().nullable(),
});

const rolloutSchema = z.object({
  id: rolloutIdSchema,
  version: z.string(),
  /** What the fleet ran before. */
  from: z.string(),
  status: z.enum(rolloutStatuses),
  startedBy: z.string(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** Why it is, or was, rolled back. */
  reason: z.string().nullable(),
  /** An operator, or the rollout itself. */
  rolledBackBy: z.string().nullable(),
});

const rolloutDetailSchema = rolloutSchema.extend({
  waves: z.array(z.object({ name: z.string(), tenantIds: z.array(tenantIdSchema) })),
  /** Silos that were not to get the version, each with the reason. */
  skipped: z.array(z.object({ tenantId: tenantIdSchema, reason: z.string() })),
  /** Silos to which it came, in that order. */
  tenants: z.array(
    z.object({
      tenantId: tenantIdSchema,
      /** From 0. */
      wave: z.int(),
      from: z.string(),
      outcome: z.enum(rolloutOutcomes),
      reason: z.string().nullable(),
      startedAt: timeSchema,
      endedAt: timeSchema.nullable(),
    }),
  ),
});

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const ofRollout = z.object({ rolloutId: rolloutIdSchema });

export const fleetRoutes = {
  listSilos: {
    id: 'listSilos',
    method: 'GET',
    path: '/v1/operator/silos',
    function: 'fleet',
    access,
    summary:
      'The silos of tenants of one status, with the version that each runs; a page may be short and have a next one',
    query: z.strictObject({
      status: statusSchema.default('active'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({
        /** The version that new silos get. */
        version: z.string(),
        silos: z.array(siloSchema),
        cursor: z.string().nullable(),
      }),
    },
    errors,
    cost: 'light',
  },
  setSiloRing: {
    id: 'setSiloRing',
    method: 'PUT',
    path: '/v1/operator/silos/{tenantId}/ring',
    function: 'fleet',
    access,
    summary: 'Let a silo get new versions first, or keep the one that it has',
    params: z.object({ tenantId: tenantIdSchema }),
    body: z.strictObject({
      ring: z.enum(['canary']).nullable().default(null),
      pinned: z.boolean().default(false),
      reason: reasonSchema,
    }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: siloSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'light',
    example: { request: { ring: 'canary', pinned: false, reason: 'It is our own shop' } },
  },
  startRollout: {
    id: 'startRollout',
    method: 'POST',
    path: '/v1/operator/rollouts',
    function: 'fleet',
    access,
    summary: 'Bring a version of the recommender to the silos, wave after wave; one rollout at a time',
    body: z.strictObject({ version: versionSchema, reason: reasonSchema }),
    bodyBytesMax: 1024,
    response: { status: 202, schema: rolloutSchema },
    errors: [...errors, 'conflict'],
    cost: 'heavy',
    example: { request: { version: '2026-11-21-1', reason: 'Lists of new shoppers are better' } },
  },
  listRollouts: {
    id: 'listRollouts',
    method: 'GET',
    path: '/v1/operator/rollouts',
    function: 'fleet',
    access,
    summary: 'Rollouts, newest first',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({ rollouts: z.array(rolloutSchema), cursor: z.string().nullable() }),
    },
    errors,
    cost: 'light',
  },
  readRollout: {
    id: 'readRollout',
    method: 'GET',
    path: '/v1/operator/rollouts/{rolloutId}',
    function: 'fleet',
    access,
    summary: 'A rollout: its waves, and what became of each silo',
    params: ofRollout,
    response: { status: 200, schema: rolloutDetailSchema },
    errors: [...errors, 'not_found'],
    cost: 'light',
  },
  rollBack: {
    id: 'rollBack',
    method: 'POST',
    path: '/v1/operator/rollouts/{rolloutId}/rollback',
    function: 'fleet',
    access,
    summary:
      'Stop a rollout and bring back everything that it changed, in reverse order; also the newest one that succeeded',
    params: ofRollout,
    body: z.strictObject({ reason: reasonSchema }),
    bodyBytesMax: 4096,
    response: { status: 202, schema: rolloutSchema },
    errors: [...errors, 'not_found', 'illegal_transition', 'conflict'],
    cost: 'heavy',
    example: { request: { reason: 'Three shops report empty lists' } },
  },
} as const satisfies Record<string, Route>;
