import { z } from 'zod';

const count = z.int().nonnegative();

const totals = z.object({
  events: count,
  /** Lists that shoppers saw. */
  shown: count,
  /** Of these, how many something was clicked in. */
  clicked: count,
  /** Purchases of something that had been clicked in a list. */
  purchases: count,
});

/** A company's week, Monday to Sunday in UTC, beside the one before. */
export const weekSchema = z.object({
  /** `day` as `2026-11-30`. */
  days: z.array(z.object({ day: z.string(), events: count })).length(7),
  total: totals,
  before: totals,
});
export type Week = z.infer<typeof weekSchema>;
export type WeekTotals = z.infer<typeof totals>;
