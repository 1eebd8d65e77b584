import * as z from 'zod';

/** What of a shopper is told apart in the counts. */
export const shopperDataKinds = [
  'entries',
  'events',
  'recommendations',
  'feedback',
  'archivedEvents',
  'recentEvents',
] as const;
export type ShopperDataKind = (typeof shopperDataKinds)[number];

const count = z.int().nonnegative();
export const shopperCountsSchema = z.object({
  entries: count,
  events: count,
  recommendations: count,
  feedback: count,
  archivedEvents: count,
  /** Copies for the live view. Certificates that were issued before there was one say nothing of it, and their hash is of what they say. */
  recentEvents: count.optional(),
} satisfies Record<ShopperDataKind, z.ZodType>);
export type ShopperCounts = Readonly<z.infer<typeof shopperCountsSchema>>;

/** What was found of each shopper, by the id of its erasure; whoever is not in it has nothing. */
export const countsByErasureSchema = z.record(z.string(), shopperCountsSchema);
export type CountsByErasure = z.infer<typeof countsByErasureSchema>;

export const nothingOfShopper: Readonly<Record<ShopperDataKind, number>> = Object.freeze({
  entries: 0,
  events: 0,
  recommendations: 0,
  feedback: 0,
  archivedEvents: 0,
  recentEvents: 0,
});

/** @returns the sum of both, for each erasure in either */
export function addShopperCounts(one: CountsByErasure, other: CountsByErasure): CountsByErasure {
  const sum: Record<string, ShopperCounts> = { ...one };
  for (const [erasureId, counts] of Object.entries(other)) {
    const before = sum[erasureId] ?? nothingOfShopper;
    sum[erasureId] = Object.fromEntries(
      shopperDataKinds.map((kind) => [kind, (before[kind] ?? 0) + (counts[kind] ?? 0)]),
    ) as ShopperCounts;
  }
  return sum;
}
