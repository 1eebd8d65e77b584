import { isDeepStrictEqual } from 'node:util';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourcesOfType } from '@tenantry/local/program/graph';

/** A state of a deployed state machine that calls a function. */
export interface TaskState {
  readonly machine: string;
  readonly name: string;
  readonly functionArn: string;
  /** What its event always holds, such as the action; the rest depends on the execution. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Where the machine goes when the state fails for good; absent for the state that records failures. */
  readonly onFailure?: string;
  /** The state before it, where an earlier one calls the same function alike: its invocations come after that one's. */
  readonly after?: TaskState;
}

interface State {
  readonly Type: string;
  readonly Arguments?: { readonly FunctionName?: string; readonly Payload?: Readonly<Record<string, unknown>> };
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

/** A machine's own states, and those of what it does for each of many. */
const allStates = (states: Readonly<Record<string, State>>): readonly (readonly [string, State])[] =>
  Object.entries(states).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor ? allStates(state.ItemProcessor.States) : []),
  ]);

const isExpression = (value: unknown): boolean => JSON.stringify(value).includes('"{%');

/**
 * States that call a function as an earlier one does, where not the state before them in the definition tells that it is they who call: that
 * which does, or null for those that an execution passes through without the earlier one.
 */
const toldBy: Readonly<Record<string, string | null>> = {
  'TierChange UndoAsAsked': null,
  'TierChange ReapplySilo': 'RestorePrice',
  'TierChange ReapplyRollout': 'RestorePrice',
  'Fleet RestoreStatus': 'RollBack',
  'Fleet RestoreNoteFailure': 'RollBack',
};

/** Works for all silos at once. */
export const fleetMachine = 'Fleet';

/** Every state of every deployed machine that calls a function, in the order of the definitions; those within Maps after their Map. */
export const taskStates = ({ graph }: LocalCloud): readonly TaskState[] =>
  resourcesOfType(graph, 'aws:sfn/stateMachine:StateMachine').flatMap(({ name, inputs }) => {
    const { States } = JSON.parse(String(inputs.definition)) as { States: Readonly<Record<string, State>> };
    return ofMachine(name, States);
  });

function ofMachine(machine: string, definition: Readonly<Record<string, State>>): readonly TaskState[] {
  const found: TaskState[] = [];
  for (const [name, { Type, Arguments, Catch }] of allStates(definition)) {
    const { FunctionName: functionArn, Payload = {} } = Arguments ?? {};
    if (Type !== 'Task' || !functionArn) continue;
    const event = Object.fromEntries(Object.entries(Payload).filter(([, value]) => !isExpression(value)));
    const alike = found.some((one) => one.functionArn === functionArn && isDeepStrictEqual(one.event, event));
    const onFailure = Catch?.[0]?.Next;
    const teller = toldBy[`${machine} ${name}`];
    const previous = teller === undefined ? found.at(-1) : found.find((one) => one.name === teller);
    found.push({
      machine,
      name,
      functionArn,
      event,
      ...(onFailure ? { onFailure } : {}),
      ...(alike && previous ? { after: previous } : {}),
    });
  }
  return found;
}
