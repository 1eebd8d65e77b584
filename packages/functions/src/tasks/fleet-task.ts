import { rolloutIdSchema } from '@tenantry/core/fleet/current';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { z } from 'zod';

/** What every task about one tenant of a rollout is given. */
export const rolloutTenantInput = {
  rolloutId: rolloutIdSchema,
  tenantId: z.custom<TenantId>(isTenantId),
  /** The wave, from 0; -1 on the way back. */
  wave: z.int(),
} as const;
