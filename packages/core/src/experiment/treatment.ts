import { createHash } from 'node:crypto';
import type { Scenario } from '../contract/recommendation.ts';
import { type Experiment, type Variant, variantName } from './experiment.ts';

/** A whole number from 0 to 99, the same whenever it is asked, and unrelated to that of another experiment. */
const placeOf = (experimentId: string, shopperId: string): number =>
  createHash('sha256').update(`${experimentId}#${shopperId}`).digest().readUIntBE(0, 6) % 100;

/** The variant that a shopper gets, for as long as the experiment runs. */
export function variantFor({ experimentId, plan: { variants } }: Experiment, shopperId: string): Variant | undefined {
  let left = placeOf(experimentId, shopperId);
  return variants.find(({ percent }) => {
    left -= percent;
    return left < 0;
  });
}

/** How a list is to be made for a shopper, and under which name it is counted. */
export interface Treatment {
  readonly variant: string;
  readonly rules: boolean;
  readonly maxPerCategory: number | undefined;
  /** The version of the model that ranks; the one that serves unless given. */
  readonly model?: string | undefined;
}

export const asUsual: Treatment = { variant: 'none', rules: true, maxPerCategory: undefined };

/** @param experiment the newest one of the company */
export function treatmentFor(experiment: Experiment | null, scenario: Scenario, shopperId: string): Treatment {
  if (!experiment) return asUsual;
  const { plan, endedAt, winner } = experiment;
  if (plan.scenarios && !plan.scenarios.includes(scenario)) return asUsual;
  const variant = endedAt ? plan.variants.find(({ name }) => name === winner) : variantFor(experiment, shopperId);
  if (!variant) return asUsual;
  const { name, rules, maxPerCategory, model } = variant;
  // Once it has ended there is nothing to compare any more, and a model that won serves everybody.
  if (endedAt) return { variant: 'none', rules, maxPerCategory };
  return { variant: variantName(experiment.experimentId, name), rules, maxPerCategory, model };
}
