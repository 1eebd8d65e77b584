import * as z from 'zod';

/** What of a shopper is told apart in the counts. */
export const shopperDataKinds = ['entries', 'events', 'recommendations', 'feedback', 'archivedEvents'] as const;
export type ShopperDataKind = (typeof shopperDataKinds)[number];
export type ShopperCounts = Readonly<Record<ShopperDataKind, number>>;

export const shopperCountsSchema = z.object(
  Object.fromEntries(shopperDataKinds.map((kind) => [kind, z.int().nonnegative()])) as Record<
    ShopperDataKind,
    z.ZodInt
  >,
);

/** What was found of each shopper, by the id of its erasure; whoever is not in it has nothing. */
export const countsByErasureSchema = z.record(z.string(), shopperCountsSchema);
export type CountsByErasure = z.infer<typeof countsByErasureSchema>;

export const nothingOfShopper: ShopperCounts = Object.freeze(
  Object.fromEntries(shopperDataKinds.map((kind) => [kind, 0])) as Record<ShopperDataKind, number>,
);

/** @returns the sum of both, for each erasure in either */
export function addShopperCounts(one: CountsByErasure, other: CountsByErasure): CountsByErasure {
  const sum: Record<string, ShopperCounts> = { ...one };
  for (const [erasureId, counts] of Object.entries(other)) {
    const before = sum[erasureId] ?? nothingOfShopper;
    sum[erasureId] = Object.fromEntries(
      shopperDataKinds.map((kind) => [kind, before[kind] + counts[kind]]),
    ) as ShopperCounts;
  }
  return sum;
}
