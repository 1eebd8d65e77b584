import * as z from 'zod';
import { attributeNameSchema, attributeValueSchema, categorySchema } from '../catalogue/item.ts';
import { scenarioNames } from '../contract/recommendation.ts';
import { opaqueIdSchema, timeSchema } from '../contract/schemas.ts';

export const rulesMax = 100;
const PINNED_MAX = 20;

const targetSchema = z
  .strictObject({
    itemIds: z.array(opaqueIdSchema).min(1).max(100).optional(),
    category: categorySchema.optional(),
    attribute: z.strictObject({ name: attributeNameSchema, equals: attributeValueSchema }).optional(),
  })
  .refine((target) => Object.values(target).filter((one) => one !== undefined).length === 1, {
    message: 'must name items, a category or an attribute, and only one of these',
  });

const common = {
  /** What people know it by. */
  name: z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
  /** The lists that it is for; all of them unless given. */
  scenarios: z.array(z.enum(scenarioNames)).min(1).max(scenarioNames.length).optional(),
  from: timeSchema.optional(),
  until: timeSchema.optional(),
  /** `false`: it is kept, and counts for no list. */
  enabled: z.boolean().optional(),
};

/** What a company wants of its lists beside what the model says. */
export const ruleSchema = z
  .discriminatedUnion('effect', [
    /** Puts the items at a place of the list, one after the other. */
    z.strictObject({
      ...common,
      effect: z.literal('pin'),
      on: z.strictObject({ itemIds: z.array(opaqueIdSchema).min(1).max(PINNED_MAX) }),
      /** Counted from 1. */
      position: z.int().min(1).max(PINNED_MAX),
    }),
    /** Multiplies the score. */
    z.strictObject({ ...common, effect: z.literal('boost'), on: targetSchema, factor: z.number().min(1).max(100) }),
    /** Puts what it is on behind all else. */
    z.strictObject({ ...common, effect: z.literal('bury'), on: targetSchema }),
    z.strictObject({ ...common, effect: z.literal('exclude'), on: targetSchema }),
  ])
  .refine(({ from, until }) => !from || !until || from < until, { path: ['until'], message: 'must be after from' });
export type Rule = z.output<typeof ruleSchema>;

export const rulesSchema = z.array(ruleSchema).max(rulesMax, `must be at most ${rulesMax}`);
