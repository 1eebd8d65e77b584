import * as z from 'zod';
import { dataCountsSchema } from './data-counts.ts';

/** What the tenant had, as it was counted before anything was erased. */
export const foundSchema = z.object({
  ...dataCountsSchema.shape,
  members: z.int().nonnegative(),
  /** Logins of people who belong to no other company. */
  logins: z.int().nonnegative(),
  /** Silos with everything in them: namespace, pods, table, role. 0 or 1. */
  silos: z.int().min(0).max(1),
  subscriptions: z.int().min(0).max(1),
});
export type Found = z.infer<typeof foundSchema>;

/** What outlives a tenant: what each month it used, cost and paid, under its id and without its name, since accounts must be kept. */
export const keptKinds = ['financeMonths'] as const;

/** That, and when, everything of a tenant was deleted. Holds no personal data, so it can be kept. */
const statementSchema = z.object({
  tenantId: z.string(),
  requestedAt: z.string(),
  countedAt: z.string(),
  completedAt: z.string(),
  /** What was there, and was erased. */
  deleted: foundSchema,
  /** What a second count found afterwards: nothing. */
  remaining: z.literal(0),
  /** What stays by design, and says nothing of people; absent from certificates of before there was any. */
  kept: z.array(z.enum(keptKinds)).optional(),
});
export const certificateSchema = statementSchema.extend({
  /** SHA-256, in hexadecimal, of the other fields as JSON with sorted keys. */
  sha256: z.string(),
});
export type Certificate = z.infer<typeof certificateSchema>;
export type Statement = z.infer<typeof statementSchema>;
