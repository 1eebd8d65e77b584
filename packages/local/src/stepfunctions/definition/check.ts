import { checkExpressions, checkVariables } from './check-expressions.ts';
import { checkGraph } from './check-graph.ts';
import type { Diagnostic } from './definition.ts';
import { parseResource } from './resource.ts';
import type { Catcher, Definition, Retrier, State, Workflow } from './schema.ts';

/** Tells of a fault at a place. */
export type Report = (code: string, message: string, location: string) => void;

/** Names that the interpreter itself gives to errors, or that stand for several. */
const reservedErrors = new Set([
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'States.HeartbeatTimeout',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.NoChoiceMatched',
  'States.DataLimitExceeded',
  'States.Runtime',
]);

/** What a schema cannot say: graphs, expressions, variables, resources and the names of errors. */
export function checkDefinition(definition: Definition): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code, message, location) =>
    void diagnostics.push({ severity: 'ERROR', code, message, location });
  const language = definition.QueryLanguage ?? 'JSONPath';
  const names = new Set<string>();
  for (const { workflow, location } of workflowsIn(definition)) {
    checkGraph(workflow, location, report);
    for (const [name, state] of Object.entries(workflow.States)) {
      const at = `${location}/States/${name}`;
      if (names.has(name)) report('DUPLICATE_STATE_NAME', `The name "${name}" is used by two states`, at);
      names.add(name);
      if ((state.QueryLanguage ?? language) !== 'JSONata') {
        report('SCHEMA_VALIDATION_FAILED', 'QueryLanguage must be JSONata; JSONPath is not run here', at);
      }
      checkState(state, at, report);
      checkExpressions(state, at, report);
    }
  }
  checkVariables(definition, '', new Set(), report);
  return diagnostics;
}

/** A workflow and all that are nested in it. */
function* workflowsIn(
  workflow: Workflow,
  location = '',
): Generator<{ readonly workflow: Workflow; readonly location: string }> {
  yield { workflow, location };
  for (const [name, state] of Object.entries(workflow.States)) {
    for (const inner of nestedIn(state)) {
      yield* workflowsIn(inner.workflow, `${location}/States/${name}/${inner.location}`);
    }
  }
}

export function nestedIn(state: State): readonly { readonly workflow: Workflow; readonly location: string }[] {
  if (state.Type === 'Map') return [{ workflow: state.ItemProcessor, location: 'ItemProcessor' }];
  if (state.Type !== 'Parallel') return [];
  return state.Branches.map((workflow, index) => ({ workflow, location: `Branches/${index}` }));
}

function checkState(state: State, at: string, report: Report): void {
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    report('SCHEMA_VALIDATION_FAILED', 'A Wait state has either Seconds or Timestamp', at);
  }
  if (state.Type === 'Task') checkTask(state, at, report);
  if (state.Type === 'Task' || state.Type === 'Map' || state.Type === 'Parallel') {
    checkErrorNames(state.Retry ?? [], `${at}/Retry`, report);
    checkErrorNames(state.Catch ?? [], `${at}/Catch`, report);
  }
}

function checkTask(task: State & { readonly Type: 'Task' }, at: string, report: Report): void {
  const resource = parseResource(task.Resource);
  if (resource === undefined) {
    report('SCHEMA_VALIDATION_FAILED', `The resource ${task.Resource} cannot be called here`, `${at}/Resource`);
    return;
  }
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = task;
  if (heartbeat !== undefined && resource.pattern !== 'token') {
    const message = 'HeartbeatSeconds is for tasks that wait for a token';
    report('SCHEMA_VALIDATION_FAILED', message, `${at}/HeartbeatSeconds`);
  }
  if (typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout) {
    const message = 'HeartbeatSeconds must be smaller than TimeoutSeconds';
    report('SCHEMA_VALIDATION_FAILED', message, `${at}/HeartbeatSeconds`);
  }
}

function checkErrorNames(rules: readonly (Retrier | Catcher)[], at: string, report: Report): void {
  for (const [index, { ErrorEquals: names }] of rules.entries()) {
    const location = `${at}/${index}/ErrorEquals`;
    for (const name of names) {
      if (name.startsWith('States.') && !reservedErrors.has(name)) {
        report('SCHEMA_VALIDATION_FAILED', `${name} is not an error that can happen here`, location);
      }
    }
    if (names.includes('States.ALL') && (names.length > 1 || index < rules.length - 1)) {
      report('SCHEMA_VALIDATION_FAILED', 'States.ALL must stand alone, and last', location);
    }
  }
}
