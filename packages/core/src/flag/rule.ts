import * as z from 'zod';
import { tenantIdSchema, tierSchema } from '../contract/schemas.ts';

const COMPANIES_MAX = 200;

/** For whom a flag is on. */
export const flagRuleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('off') }),
  z.strictObject({ kind: z.literal('on') }),
  /** A part of the companies, always the same ones: who was in stays in when it grows. */
  z.strictObject({ kind: z.literal('percentage'), percentage: z.number().min(0).max(100) }),
  z.strictObject({ kind: z.literal('companies'), tenantIds: z.array(tenantIdSchema).min(1).max(COMPANIES_MAX) }),
  z.strictObject({ kind: z.literal('tiers'), tiers: z.array(tierSchema).min(1).max(20) }),
]);
export type FlagRule = z.infer<typeof flagRuleSchema>;
