import { type Journey, journeyThrough } from './journeys.ts';
import { fatalPlan, type Plan, passingPlans, singlePlans } from './plans.ts';
import type { TaskState } from './task-states.ts';

/** A journey of one tenant, and what goes wrong on it. */
export interface Case {
  readonly name: string;
  readonly journey: Journey;
  readonly plan: Plan;
  /** Where it goes wrong; in each of them. */
  readonly states: readonly TaskState[];
  /** What fails first, where the state that records failures is to be reached. */
  readonly cause?: TaskState;
}

/**
 * Everything that can go wrong in every state, in few executions: what retries make up for hits all states of a journey in one
 * execution, and what ends an execution hits one state of one tenant.
 */
export const shortCases = (states: readonly TaskState[]): readonly Case[] => [
  ...journeysOf(states).flatMap(([journey, ofJourney]) =>
    passingPlans.map((plan) => ({ name: `${titleOf(ofJourney)}: every task`, journey, plan, states: ofJourney })),
  ),
  ...states.flatMap((state) =>
    (state.onFailure ? [fatalPlan] : [...passingPlans, fatalPlan]).map((plan) => oneState(states, state, plan)),
  ),
];

/** One kind of fault in one state of one tenant. */
export const longCases = (states: readonly TaskState[]): readonly Case[] =>
  states.flatMap((state) => singlePlans.map((plan) => oneState(states, state, plan)));

function oneState(all: readonly TaskState[], state: TaskState, plan: Plan): Case {
  const { machine, name, onFailure } = state;
  const cause = onFailure ? undefined : all.find((one) => one.machine === machine && one.onFailure === name);
  const journey = journeyThrough(machine, (cause ?? state).name);
  return { name: `${machine}: ${name}`, journey, plan, states: [state], ...(cause ? { cause } : {}) };
}

/** The journeys, each with the states of its machine that it was chosen for; those that record failures are on none. */
function journeysOf(states: readonly TaskState[]): readonly (readonly [Journey, readonly TaskState[]])[] {
  const found = new Map<Journey, TaskState[]>();
  for (const state of states) {
    if (!state.onFailure) continue;
    const journey = journeyThrough(state.machine, state.name);
    found.set(journey, [...(found.get(journey) ?? []), state]);
  }
  return [...found];
}

const titleOf = ([first, ...others]: readonly TaskState[]): string =>
  `${first?.machine} from ${first?.name}${others.length > 0 ? ` to ${others.at(-1)?.name}` : ''}`;
