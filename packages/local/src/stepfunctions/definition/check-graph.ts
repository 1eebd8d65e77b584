import type { Report } from './check.ts';
import type { ChoiceState, FailState, State, SucceedState, Workflow } from './schema.ts';

/** States that have `Next` or `End`. */
type GoingOn = Exclude<State, ChoiceState | SucceedState | FailState>;

const goesOn = (state: State): state is GoingOn =>
  state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail';

/** Every target exists, every state is reached, and every state says where it leads. */
export function checkGraph(workflow: Workflow, location: string, report: Report): void {
  const { StartAt, States } = workflow;
  const exists = (name: string): boolean => Object.hasOwn(States, name);
  if (!exists(StartAt)) {
    report('MISSING_TRANSITION_TARGET', `There is no state "${StartAt}"`, `${location}/StartAt`);
  }
  for (const [name, state] of Object.entries(States)) {
    const at = `${location}/States/${name}`;
    for (const target of targetsOf(state)) {
      if (!exists(target.name)) {
        report('MISSING_TRANSITION_TARGET', `There is no state "${target.name}"`, `${at}/${target.at}`);
      }
    }
    if (goesOn(state) && (state.Next === undefined) === (state.End === undefined)) {
      report('SCHEMA_VALIDATION_FAILED', 'Exactly one of Next and End is needed', at);
    }
  }
  for (const name of unreachable(workflow)) {
    report('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable`, `${location}/States/${name}`);
  }
}

interface Target {
  readonly name: string;
  readonly at: string;
}

function targetsOf(state: State): readonly Target[] {
  if (state.Type === 'Choice') {
    const rules = state.Choices.map(({ Next }, index) => ({ name: Next, at: `Choices/${index}/Next` }));
    return state.Default === undefined ? rules : [...rules, { name: state.Default, at: 'Default' }];
  }
  if (!goesOn(state)) return [];
  const next = state.Next === undefined ? [] : [{ name: state.Next, at: 'Next' }];
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  return [...next, ...catchers.map(({ Next }, index) => ({ name: Next, at: `Catch/${index}/Next` }))];
}

function unreachable({ StartAt, States }: Workflow): readonly string[] {
  const reached = new Set<string>();
  const open = [StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = Object.hasOwn(States, name) ? States[name] : undefined;
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...targetsOf(state).map((target) => target.name));
  }
  return Object.keys(States).filter((name) => !reached.has(name));
}
