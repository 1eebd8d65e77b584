import * as z from 'zod';
import {
  type AttributeValue,
  attributeNameSchema,
  attributeValueSchema,
  type CatalogueItem,
  categorySchema,
} from './item.ts';

const CONDITIONS_MAX = 10;

const rangeSchema = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'must have min or max')
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, 'must have min below max');

const conditionSchema = z.union(
  [
    z.strictObject({ equals: attributeValueSchema }),
    z.strictObject({ in: z.array(attributeValueSchema).min(1).max(50) }),
    rangeSchema,
  ],
  'must be {equals}, {in: […]} or {min, max}',
);
type Condition = z.infer<typeof conditionSchema>;

/** What an item must be to be in a list: all of it together. */
export const filtersSchema = z.strictObject({
  /** In one of these categories, or below it. */
  categories: z.array(categorySchema).min(1).max(20).optional(),
  /** In minor units; a price in another currency is outside. */
  price: z
    .strictObject({
      currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
      min: z.int().nonnegative().optional(),
      max: z.int().nonnegative().optional(),
    })
    .refine(({ min = 0, max = Infinity }) => min <= max, 'must have min below max')
    .optional(),
  attributes: z
    .record(attributeNameSchema, conditionSchema)
    .refine((all) => Object.keys(all).length <= CONDITIONS_MAX, `must be at most ${CONDITIONS_MAX}`)
    .optional(),
});
export type Filters = z.output<typeof filtersSchema>;

type Filtered = Pick<CatalogueItem, 'category' | 'price' | 'attributes'>;

export const isWithin = (category: readonly string[] | undefined, wanted: readonly string[]): boolean =>
  category !== undefined && wanted.every((level, at) => category[at] === level);

/** Of an attribute that has several values, one of them is enough. */
export function hasAttribute(
  attributes: Filtered['attributes'],
  name: string,
  holds: (value: AttributeValue) => boolean,
): boolean {
  const value = attributes?.[name];
  if (value === undefined) return false;
  return Array.isArray(value) ? value.some(holds) : holds(value);
}

function holds(condition: Condition): (value: AttributeValue) => boolean {
  if ('equals' in condition) return (value) => value === condition.equals;
  if ('in' in condition) return (value) => condition.in.includes(value);
  const { min = -Infinity, max = Infinity } = condition;
  return (value) => typeof value === 'number' && value >= min && value <= max;
}

/** Whether an item is what the filters want. What is not said of an item fulfils no filter. */
export function matcherOf({ categories, price, attributes }: Filters): (item: Filtered) => boolean {
  const conditions = Object.entries(attributes ?? {}).map(([name, condition]) => [name, holds(condition)] as const);
  return (item) => {
    if (categories && !categories.some((wanted) => isWithin(item.category, wanted))) return false;
    if (price) {
      const { currency, min = 0, max = Infinity } = price;
      if (item.price?.currency !== currency || item.price.amount < min || item.price.amount > max) return false;
    }
    return conditions.every(([name, test]) => hasAttribute(item.attributes, name, test));
  };
}
