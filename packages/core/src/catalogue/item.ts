import * as z from 'zod';
import { opaqueIdSchema } from '../contract/schemas.ts';
import type { FieldError } from '../errors/domain-error.ts';
import { fieldErrors } from '../errors/field-errors.ts';

/** Items of a company at most; recommenders hold what lists ask of them in memory. */
export const catalogueItemsMax = 100_000;
const ATTRIBUTES_MAX = 20;
const ATTRIBUTES_CHARACTERS_MAX = 4096;

const text = (charactersMax: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(charactersMax, `must have at most ${charactersMax} characters`)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters');

const webUrl = z
  .url({ protocol: /^https?$/, message: 'must be a web address' })
  .max(2048, 'must have at most 2048 characters');

/** From the widest to the narrowest, such as `["Shoes", "Running"]`. */
export const categorySchema = z.array(text(64)).min(1, 'must not be empty').max(8, 'must have at most 8 levels');

export const priceSchema = z.strictObject({
  /** In minor units. */
  amount: z.int().nonnegative(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
});

export const attributeNameSchema = z
  .string()
  .max(40, 'must have at most 40 characters')
  .regex(/^[a-z][a-z0-9_]*$/, 'must be a lower-case name of letters, digits and _');
const attributeTextSchema = text(200);
/** What the table can hold, and a reader gets back as it was. */
const attributeNumberSchema = z
  .number()
  .min(Number.MIN_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .refine((value) => value === 0 || Math.abs(value) >= 1e-100, 'must not be so small');
export const attributeValueSchema = z.union([attributeTextSchema, attributeNumberSchema, z.boolean()]);
export type AttributeValue = z.infer<typeof attributeValueSchema>;

export const itemSchema = z.strictObject({
  id: opaqueIdSchema,
  title: text(200).optional(),
  url: webUrl.optional(),
  imageUrl: webUrl.optional(),
  category: categorySchema.optional(),
  price: priceSchema.optional(),
  /** What is not available is in no list, unless a list asks for it. */
  available: z.boolean().default(true),
  /** Whatever else lists are to be filtered by. */
  attributes: z
    .record(attributeNameSchema, z.union([attributeValueSchema, z.array(attributeTextSchema).min(1).max(20)]))
    .refine((all) => Object.keys(all).length <= ATTRIBUTES_MAX, `must be at most ${ATTRIBUTES_MAX}`)
    .refine((all) => JSON.stringify(all).length <= ATTRIBUTES_CHARACTERS_MAX, {
      message: `must have at most ${ATTRIBUTES_CHARACTERS_MAX} characters together`,
    })
    .optional(),
});
/** An item of a company's catalogue, by the company's own id. */
export type CatalogueItem = z.output<typeof itemSchema>;

export interface ItemVerdict {
  readonly index: number;
  readonly id: string | null;
  readonly verdict: 'accepted' | 'rejected';
  readonly errors?: FieldError[];
}

/** Checks items one by one. Of an item that comes twice, the last stands. */
export function checkItems(inputs: readonly unknown[]): {
  readonly items: readonly CatalogueItem[];
  readonly verdicts: readonly ItemVerdict[];
} {
  const items = new Map<string, CatalogueItem>();
  const verdicts = inputs.map((input, index): ItemVerdict => {
    const parsed = itemSchema.safeParse(input);
    if (parsed.success) {
      items.set(parsed.data.id, parsed.data);
      return { index, id: parsed.data.id, verdict: 'accepted' };
    }
    return { index, id: null, verdict: 'rejected', errors: fieldErrors(parsed.error, ['items', index]) };
  });
  return { items: [...items.values()], verdicts };
}
