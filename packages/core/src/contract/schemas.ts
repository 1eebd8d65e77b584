import * as z from 'zod';
import { roles } from '../identity/role.ts';
import { idPattern, ulidPattern } from '../ids/id.ts';
import { slugLengthMax, slugLengthMin, slugPattern } from '../tenant/slug-form.ts';
import { tenantStatuses } from '../tenant/status.ts';
import { tierNames } from '../tier/catalogue.ts';
import { migrationPhases } from '../tier-change/phases.ts';
import { keyKinds } from './route.ts';

/** RFC 3339 in UTC, milliseconds at most. */
export const timeSchema = z.iso.datetime({ precision: 3 });
export const tenantIdSchema = z.templateLiteral(['ten_', z.string().regex(ulidPattern)], 'must be a tenant id');
export const userIdSchema = z.templateLiteral(['usr_', z.string().regex(ulidPattern)], 'must be a user id');
export const invitationIdSchema = z.templateLiteral(
  ['inv_', z.string().regex(ulidPattern)],
  'must be the id of an invitation',
);
export const keyIdSchema = z.string().regex(idPattern('apiKey'), 'must be a key id');
export const tierSchema = z.enum(tierNames);
export const roleSchema = z.enum(roles);
export const statusSchema = z.enum([...tenantStatuses] as [string, ...string[]]);
export const keyKindSchema = z.enum(keyKinds);

/** Ids that the shop chose: opaque, printable, bounded. */
export const opaqueIdSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(128, 'must have at most 128 characters')
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

export const slugSchema = z
  .string()
  .min(slugLengthMin, `must have at least ${slugLengthMin} characters`)
  .max(slugLengthMax, `must have at most ${slugLengthMax} characters`)
  .regex(slugPattern, 'must be lower-case letters, digits and single hyphens');

export const slugStates = ['free', 'taken', 'reserved'] as const;
/** Whether somebody could get a slug. */
export type SlugState = (typeof slugStates)[number];

export const companyNameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(/^[^\p{Cc}\p{Cs}<>]+$/u, 'must not hold control characters or angle brackets');

export const moneySchema = z.object({ amount: z.int().nonnegative(), currency: z.string().length(3) });

export const tenantSchema = z.object({
  id: tenantIdSchema,
  name: z.string(),
  slug: z.string(),
  tier: tierSchema,
  status: statusSchema,
  createdAt: timeSchema,
  /** Set while the company is leaving: until when that can be undone, and whether the deletion has begun. */
  deactivation: z.object({ since: timeSchema, until: timeSchema, final: z.boolean() }).nullable(),
  /** Set while the company moves to another tier. */
  tierChange: z.object({ to: tierSchema, phase: z.enum(migrationPhases) }).nullable(),
});

export const checkoutSchema = z.object({ checkoutUrl: z.url() });
