import * as z from 'zod';
import { scenarioNames } from '../contract/recommendation.ts';
import { timeSchema } from '../contract/schemas.ts';
import { idPattern } from '../ids/id.ts';

const variantSchema = z.strictObject({
  name: z
    .string()
    .max(20, 'must have at most 20 characters')
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens'),
  /** How many of a hundred shoppers get it. */
  percent: z.int().min(1).max(99),
  /** `false`: lists come as the model ranks them, and only what must not be shown is left out. */
  rules: z.boolean().default(true),
  /** For lists that do not say it themselves. */
  maxPerCategory: z.int().min(1).max(100).optional(),
  /** The version of a trained model that ranks its lists, instead of the one that serves. */
  model: z.string().regex(idPattern('model'), 'must be the version of a model').optional(),
});
export type Variant = z.output<typeof variantSchema>;

/** What a company wants to find out. The first variant is what the others are compared with. */
export const experimentPlanSchema = z
  .strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
    /** The lists that it is about; all of them unless given. */
    scenarios: z.array(z.enum(scenarioNames)).min(1).max(scenarioNames.length).optional(),
    variants: z.array(variantSchema).min(2, 'must be at least 2').max(4, 'must be at most 4'),
  })
  .refine(({ variants }) => variants.reduce((sum, { percent }) => sum + percent, 0) === 100, {
    path: ['variants'],
    message: 'must come to 100 percent together',
  })
  .refine(({ variants }) => new Set(variants.map(({ name }) => name)).size === variants.length, {
    path: ['variants'],
    message: 'must have names of their own',
  })
  .refine(({ variants }) => new Set(variants.flatMap(({ model }) => model ?? [])).size <= 1, {
    path: ['variants'],
    message: 'must name at most one model, which is compared with the one that serves',
  })
  .refine(({ variants }) => variants.some(({ model }) => model === undefined), {
    path: ['variants'],
    message: 'must have one with the model that serves',
  });
export type ExperimentPlan = z.output<typeof experimentPlanSchema>;

export const experimentSchema = z.object({
  experimentId: z.string(),
  plan: experimentPlanSchema,
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** The variant that everybody gets since the end; null when lists are as they were before. */
  winner: z.string().nullable(),
  /** The model that is compared with the one that serves, with the SHA-256 of its file; null when it is not about models. */
  candidate: z.object({ version: z.string(), sha256: z.string() }).nullable().default(null),
});
export type Experiment = z.output<typeof experimentSchema>;

/** The model beside the one that serves that a plan asks for. */
export const candidateOf = ({ variants }: ExperimentPlan): string | undefined =>
  variants.find(({ model }) => model !== undefined)?.model;

/** Whether an experiment runs that compares models: neither may change meanwhile. */
export const comparesModels = (experiment: Experiment | null): boolean =>
  experiment !== null && experiment.endedAt === null && experiment.candidate !== null;

/** Variants of different experiments are counted apart. */
export const variantName = (experimentId: string, name: string): string => `${experimentId}:${name}`;
