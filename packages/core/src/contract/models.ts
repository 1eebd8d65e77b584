import * as z from 'zod';
import { timeSchema } from './schemas.ts';

/** How well a model ranked the newest part of the data, which it did not know then: shares from 0 to 1. */
export const modelQualitySchema = z.object({
  /** How often what came next was among the first 20. */
  hr20: z.number(),
  /** The mean of 1 / rank; 0 beyond 20. */
  mrr20: z.number(),
  /** The same where the shopper had not seen it before in the session, in the list without what it had seen. */
  novelHr20: z.number(),
  novelMrr20: z.number(),
  queries: z.int(),
  novelQueries: z.int(),
});
export type ModelQuality = z.infer<typeof modelQualitySchema>;

/** From the first to the last event, by the time at which they happened. */
export const windowSchema = z.object({ from: timeSchema, to: timeSchema });
export type DataWindow = z.infer<typeof windowSchema>;

/** A share from 0 to 1, or a difference of two, and what it is with 95 of 100. */
export const intervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/**
 * What the gate asked before a model might serve: both, the new model and the one that served, what came next in the same newest sessions,
 * which neither was trained on. The new one is trained without them for this, and on all afterwards.
 */
export const comparisonSchema = z.object({
  /**
   * `notWorse`: it may serve. `worse`: held back, since chance would not explain the difference. `tooFew`: there were too few sessions that
   * neither knows, so that nothing speaks against it, and it may serve.
   */
  outcome: z.enum(['notWorse', 'worse', 'tooFew']),
  /** The version that served, and that it was compared with. */
  against: z.string(),
  /** How many times both were asked. */
  queries: z.int(),
  /** The sessions that were asked about, by when they ended; null when there were too few. */
  window: windowSchema.nullable(),
  /** How often what came next was among the first 20, of the new model and of the one that served; null when there were too few. */
  candidate: z.number().nullable(),
  serving: z.number().nullable(),
  /** Where only one of them found it: what the difference rests on. */
  onlyCandidate: z.int(),
  onlyServing: z.int(),
  /** How much the new one is above the other; it is worse where `high` is below zero. Null when there were too few. */
  difference: intervalSchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** What a model was made by: `training` from all of the archive, `merge` by adding newer events to a trained one. */
export const madeBy = ['training', 'merge'] as const;

export const modelSchema = z.object({
  version: z.string(),
  createdAt: timeSchema,
  /** Different events that it was made of. */
  events: z.int(),
  items: z.int(),
  bytes: z.int(),
  algorithm: z.string(),
  /** Of the file, in hexadecimal. */
  sha256: z.string(),
  /** What its algorithm reached on the newest sessions before it learnt them, too. Not for comparing models: each has sessions of its own. */
  quality: modelQualitySchema.optional(),
  madeBy: z.enum(madeBy),
  /** Of a merge: the trained model that the events were added to; null else. */
  base: z.string().nullable(),
  /** The events that it knows; null for models of before this was kept. */
  window: windowSchema.nullable(),
  /** How it was made, by name. */
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  /** What the gate found; null for the first model, for merges, and for models of before this was kept. */
  comparison: comparisonSchema.nullable(),
  serving: z.boolean(),
});

/**
 * What a training goes through, in this order. `reading` the archive, `cutting` events into sessions, `indexing` the older ones, `learning` a
 * network by newer ones, `evaluating` each algorithm on the newest, `choosing` the best, and teaching it what is left; `comparing` it with the
 * model that serves, `storing` the file, `promoting` it. What there is too little data for is left out.
 */
export const trainingPhases = [
  'reading',
  'cutting',
  'comparing',
  'indexing',
  'learning',
  'evaluating',
  'choosing',
  'storing',
  'promoting',
] as const;
export type TrainingPhase = (typeof trainingPhases)[number];

export const phaseSchema = z.object({
  phase: z.enum(trainingPhases),
  startedAt: timeSchema,
  /** Null while it goes on. */
  endedAt: timeSchema.nullable(),
  /** What was counted in it, by name: `files` and `events` that were read, `sessions`, `items`, `queries`, `bytes`. */
  counts: z.record(z.string(), z.int()),
});
export type Phase = z.infer<typeof phaseSchema>;

/** `hand`: somebody asked for it; it counts against the trainings of a day and the minutes of the tier. `schedule`: the tier's own, for nothing. */
export const startedBy = ['hand', 'schedule'] as const;

/** The newest training. */
export const trainingSchema = z.object({
  /** The version of the model that it makes. */
  trainingId: z.string(),
  /** `refused`: it made a model, and the gate held that back. */
  status: z.enum(['running', 'succeeded', 'refused', 'failed']),
  startedBy: z.enum(startedBy),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** Why it failed, or why the gate held its model back. */
  reason: z.string().nullable(),
  /** So far; empty for trainings of before this was kept. */
  phases: z.array(phaseSchema),
});

/** A training that has ended. */
export const trainingRunSchema = trainingSchema.extend({
  status: z.enum(['succeeded', 'refused', 'failed']),
  endedAt: timeSchema,
  /** What serves since its end: its own model when it succeeded, and the one before when not; null when there is none. */
  servingVersion: z.string().nullable(),
  /** Of the model that it made, also when that was refused; null when it failed. */
  events: z.int().nullable(),
  quality: modelQualitySchema.nullable(),
  comparison: comparisonSchema.nullable(),
});
export type TrainingRun = z.infer<typeof trainingRunSchema>;

export const modelsSchema = z.object({
  /** Newest first. */
  models: z.array(modelSchema),
  training: trainingSchema.nullable(),
  /** Trainings that have ended, newest first, 100 at most, for half a year. */
  history: z.array(trainingRunSchema),
  /** When the tier's schedule has the next one, if anything arrives until then; null while nothing was ever trained. */
  nextTrainingAt: timeSchema.nullable(),
  /** The newest time that new events were added to the model that serves, without a training; null before the first. */
  merge: z
    .object({
      at: timeSchema,
      /** Different events that were added. */
      events: z.int(),
      /** Why the newest merge failed; null when it did not. The next one makes up for it. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
