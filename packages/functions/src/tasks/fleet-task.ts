import { rolloutIdSchema } from '@tenantry/core/fleet/current';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import * as z from 'zod';

/** Stands for the wave on the way back. */
export const WAY_BACK = -1;

/** What every task about one tenant of a rollout is given. */
export const rolloutTenantInput = {
  rolloutId: rolloutIdSchema,
  tenantId: z.custom<TenantId>(isTenantId),
  /** The wave, from 0, or `WAY_BACK`. */
  wave: z.int(),
} as const;
