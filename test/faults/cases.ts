import { type Blow, blows, passing, single } from './blows.ts';
import { type Journey, journeyThrough } from './journeys.ts';
import type { TaskState } from './task-states.ts';

/** What hits the attempts of a task, one after the other. */
export interface Strike {
  readonly state: TaskState;
  readonly blows: readonly Blow[];
}

/** A journey of one tenant, and what goes wrong in each of its runs; once the goal is reached there are no more. */
export interface Case {
  readonly name: string;
  readonly what: string;
  readonly machine: string;
  readonly journey: Journey;
  readonly runs: readonly (readonly Strike[])[];
}

/** Some states of a machine, with the journey that passes through them. */
export interface Stretch {
  readonly machine: string;
  readonly journey: Journey;
  readonly states: readonly TaskState[];
}

/**
 * Everything that can go wrong in every task, in few executions: what retries make up for hits all tasks of a journey in one execution,
 * and what ends an execution hits one task after the other, in a run each.
 */
export const shortCases = (states: readonly TaskState[]): readonly Case[] => [
  ...stretchesOf(states).flatMap(({ machine, journey, states: own }): readonly Case[] => {
    const causing = own[0] ? causeOf(states, own[0], journey) : [];
    const name = nameOf(machine, own);
    const fatal = [blows.fails, blows.failsAfterItsEffect];
    return [
      ...passing.map((series) => ({
        name,
        what: series.what,
        machine,
        journey,
        runs: [[...causing, ...own.map((state) => ({ state, blows: series.blows }))]],
      })),
      ...chunks(journey.stepwise === 'long' ? [] : own, TASKS_OF_A_TENANT).map((some) => ({
        name: nameOf(machine, some),
        what: 'fails before its work, then after it, task by task',
        machine,
        journey,
        runs: some.flatMap((state) => fatal.map((blow) => [...causing, { state, blows: [blow] }])),
      })),
    ];
  }),
  ...states
    .filter((state) => !state.onFailure)
    .map((state) =>
      caseOf(states, state, 'has all of it, run by run', [
        ...passing.map((series) => series.blows),
        [blows.fails],
        [blows.failsAfterItsEffect],
      ]),
    ),
];

/** One kind of fault in one task of one tenant. */
export const longCases = (states: readonly TaskState[]): readonly Case[] =>
  states.flatMap((state) => single.map((series) => caseOf(states, state, series.what, [series.blows])));

/** What hits one state. */
function caseOf(
  states: readonly TaskState[],
  state: TaskState,
  what: string,
  runs: readonly (readonly Blow[])[],
): Case {
  const { machine, name } = state;
  // What records failures is on the way of whatever fails first.
  const first = state.onFailure
    ? state
    : (states.find((one) => one.machine === machine && one.onFailure === name) ?? state);
  const journey = journeyThrough(machine, first.name);
  const causing = causeOf(states, state, journey);
  return {
    name: `${machine}, ${name}`,
    what,
    machine,
    journey,
    runs: runs.map((series) => [...causing, { state, blows: series }]),
  };
}

/** What fails first, so that a state is reached that is there for failures. */
function causeOf(states: readonly TaskState[], { machine, name, onFailure }: TaskState, journey: Journey): Strike[] {
  const cause = states.find(
    (one) =>
      one.machine === machine && (onFailure || journey.failing ? one.name === journey.failing : one.onFailure === name),
  );
  return cause ? [{ state: cause, blows: [blows.fails] }] : [];
}

/** The states that can fail, by the journeys that were chosen for them. */
export function stretchesOf(states: readonly TaskState[]): readonly Stretch[] {
  const found = new Map<Journey, Stretch>();
  for (const state of states) {
    if (!state.onFailure) continue;
    const { machine, name } = state;
    const journey = journeyThrough(machine, name);
    found.set(journey, { machine, journey, states: [...(found.get(journey)?.states ?? []), state] });
  }
  return [...found.values()];
}

/** So many tasks fail one after the other; more would have a tenant go the same way again and again. */
const TASKS_OF_A_TENANT = 4;

const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  all.length === 0 ? [] : [all.slice(0, size), ...chunks(all.slice(size), size)];

const nameOf = (machine: string, [first, ...others]: readonly TaskState[]): string =>
  `${machine}, ${first?.name}${others.length > 0 ? ` to ${others.at(-1)?.name}` : ''}`;
