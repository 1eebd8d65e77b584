import * as z from 'zod';
import { filtersSchema } from '../catalogue/filter.ts';
import { opaqueIdSchema } from './schemas.ts';

/** What a list is for, and the field that says what it is about. */
export const scenarioSubjects = {
  personal: null,
  similar: 'itemId',
  'bought-together': 'itemId',
  cart: 'cart',
  trending: null,
  bestsellers: null,
  'recently-viewed': null,
} as const satisfies Record<string, 'itemId' | 'cart' | null>;
export type Scenario = keyof typeof scenarioSubjects;
export const scenarioNames = Object.keys(scenarioSubjects) as [Scenario, ...Scenario[]];

/** No list goes further down than this, however it is paged. */
export const listLengthMax = 500;

export const recommendationRequestSchema = z
  .strictObject({
    shopperId: opaqueIdSchema,
    scenario: z.enum(scenarioNames).default('personal'),
    /** The item that `similar` and `bought-together` are about. */
    itemId: opaqueIdSchema.optional(),
    /** The items that `cart` is about. */
    cart: z.array(opaqueIdSchema).min(1, 'must hold at least one item').max(100).optional(),
    limit: z.int().min(1).max(100).default(20),
    /** How many items of the list were shown already; `nextOffset` of the page before. */
    offset: z
      .int()
      .min(0)
      .max(listLengthMax - 1)
      .default(0),
    /** Items that must not be in the list. */
    exclude: z.array(opaqueIdSchema).max(200).default([]),
    /** Leaves out what the shopper bought, as far as the latest events tell. */
    excludePurchased: z.boolean().default(false),
    filters: filtersSchema.optional(),
    /** Shows what the catalogue says is not available, too. */
    includeUnavailable: z.boolean().default(false),
    /** Items of the same category at most, as far as the catalogue knows it. */
    maxPerCategory: z.int().min(1).max(100).optional(),
  })
  .superRefine((request, context) => {
    const subject = scenarioSubjects[request.scenario];
    for (const field of ['itemId', 'cart'] as const) {
      const given = request[field] !== undefined;
      if (given === (field === subject)) continue;
      const message = given ? `must be left out for ${request.scenario}` : `is needed for ${request.scenario}`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
    if (request.offset + request.limit > listLengthMax) {
      context.addIssue({
        code: 'custom',
        path: ['offset'],
        message: `must be at most ${listLengthMax} together with limit`,
      });
    }
  });
export type RecommendationRequest = z.output<typeof recommendationRequestSchema>;

export const recommendationSchema = z.object({
  recommendationId: z.string(),
  /** `none` while no model was trained, and for lists that need none. */
  modelVersion: z.string(),
  /** Where the answer was computed. */
  servedBy: z.enum(['pool', 'silo']),
  items: z.array(
    z.object({
      itemId: z.string(),
      score: z.number(),
      reason: z.enum([
        'co-visited',
        'bought-together',
        'similar',
        'trending',
        'bestseller',
        'popular',
        'recently-viewed',
        'pinned',
      ]),
      /** The item of the shopper's history, cart or request that speaks most for it. */
      because: z.string().optional(),
    }),
  ),
  /** `offset` of the next page; null at the end of the list. */
  nextOffset: z.int().nullable().default(null),
  /** The variant of the experiment that chose how the list was made; `none` outside of any. */
  variant: z.string().default('none'),
});
export type Recommendation = z.infer<typeof recommendationSchema>;
