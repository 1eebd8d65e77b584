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
}

interface State {
  readonly Type: string;
  readonly Arguments?: { readonly FunctionName?: string; readonly Payload?: Readonly<Record<string, unknown>> };
  readonly Catch?: readonly { readonly Next: string }[];
}

const isExpression = (value: unknown): boolean => typeof value === 'string' && value.startsWith('{%');

/** Every state of every deployed machine that calls a function, in the order of the definitions. */
export const taskStates = ({ graph }: LocalCloud): readonly TaskState[] =>
  resourcesOfType(graph, 'aws:sfn/stateMachine:StateMachine').flatMap(({ name: machine, inputs }) => {
    const { States } = JSON.parse(String(inputs.definition)) as { States: Readonly<Record<string, State>> };
    return Object.entries(States).flatMap(([name, state]): readonly TaskState[] => {
      const { FunctionName: functionArn, Payload = {} } = state.Arguments ?? {};
      if (state.Type !== 'Task' || !functionArn) return [];
      const constants = Object.entries(Payload).filter(([, value]) => !isExpression(value));
      const onFailure = state.Catch?.[0]?.Next;
      return [
        { machine, name, functionArn, event: Object.fromEntries(constants), ...(onFailure ? { onFailure } : {}) },
      ];
    });
  });
