import { tierChangeSteps } from '../tier-change/steps.ts';

/** The steps of an onboarding, as the customer reads them. `usualSeconds` is the usual time on AWS. */
export const onboardingSteps = {
  begin: { title: 'Payment received', usualSeconds: 2 },
  capacity: { title: 'Room for your silo', usualSeconds: 2 },
  pool: { title: 'A place in the shared pool', usualSeconds: 2 },
  storage: { title: 'Your own events table', usualSeconds: 20 },
  silo: { title: 'Your own recommender starts', usualSeconds: 240 },
  probe: { title: 'Checking that it answers', usualSeconds: 90 },
  finish: { title: 'Open for your shoppers', usualSeconds: 2 },
} as const satisfies Record<string, { title: string; usualSeconds: number }>;

export type OnboardingStep = keyof typeof onboardingSteps;

/** Which steps a tenant goes through, in order. */
export const stepsOf = {
  pool: ['begin', 'pool', 'finish'],
  silo: ['begin', 'capacity', 'storage', 'silo', 'probe', 'finish'],
} as const satisfies Record<'pool' | 'silo', readonly OnboardingStep[]>;

/** Steps that make something which is taken back when the onboarding fails, the last one first. The others read, or change the tenant's row alone. */
export const undoableSteps = ['probe', 'silo', 'storage'] as const satisfies readonly OnboardingStep[];
export type UndoableStep = (typeof undoableSteps)[number];

/** What a tenant can be taken through step by step; some steps belong to both. */
export const journeySteps = { onboarding: onboardingSteps, 'tier-change': tierChangeSteps } as const;
export type JourneyName = keyof typeof journeySteps;
export const journeyNames = Object.keys(journeySteps) as [JourneyName, ...JourneyName[]];
export type Step = { readonly [J in JourneyName]: keyof (typeof journeySteps)[J] }[JourneyName];

/** One way of a tenant through the steps of a journey. */
export interface Journey {
  readonly name: JourneyName;
  /** Which attempt, or which of several journeys of the kind. */
  readonly run: number;
  /** The steps in order. */
  readonly steps: readonly Step[];
}
