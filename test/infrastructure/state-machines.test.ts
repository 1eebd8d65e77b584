import { rolesOf } from '@tenantry/local/program/roles';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { graphOf, ofType, stages } from './graphs.ts';

interface State {
  readonly Arguments?: { readonly FunctionName?: string };
  readonly ItemProcessor?: Definition;
}

interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

/** The functions that a machine calls, those of its Maps included. */
const callsOf = ({ States }: Definition): readonly string[] =>
  Object.values(States).flatMap(({ Arguments, ItemProcessor }) => [
    ...(Arguments?.FunctionName ? [Arguments.FunctionName] : []),
    ...(ItemProcessor ? callsOf(ItemProcessor) : []),
  ]);

describe.each(stages)('the state machines of %s', (stage) => {
  it('are valid in the Amazon States Language', () => {
    const machines = ofType(graphOf(stage), 'StateMachine');
    expect(machines.map(({ name }) => name).sort()).toEqual([
      'Deletion',
      'Erasure',
      'Export',
      'Fleet',
      'Onboarding',
      'Suspension',
      'TierChange',
      'Training',
    ]);
    for (const { inputs } of machines) {
      const { isValid, errorsText } = validate(JSON.parse(String(inputs.definition)) as object);
      expect(isValid, errorsText('\n')).toBe(true);
    }
  });

  it('call deployed functions, and their roles may call exactly those', () => {
    const graph = graphOf(stage);
    const deployed = new Set(graph.functions.map(({ arn }) => arn));
    for (const { inputs, name } of ofType(graph, 'StateMachine')) {
      const called = [...new Set(callsOf(JSON.parse(String(inputs.definition)) as Definition))].sort();
      expect(called.filter((arn) => !deployed.has(arn))).toEqual([]);
      const role = rolesOf(graph).find(({ arn }) => arn === inputs.roleArn);
      const [invocation] = Object.values(role?.policies ?? {}).flatMap(({ Statement }) => Statement);
      expect(invocation?.Action, name).toEqual(['lambda:InvokeFunction']);
      expect([...(invocation?.Resource ?? [])].sort(), name).toEqual(called);
    }
  });

  it('log errors without the data of tenants', () => {
    for (const { inputs } of ofType(graphOf(stage), 'StateMachine')) {
      expect(inputs.loggingConfiguration).toMatchObject({ level: 'ERROR', includeExecutionData: false });
    }
  });
});
