import { syntaxFault } from '../expression/compile.ts';
import { expressionIn, stringsIn } from '../expression/template.ts';
import { nestedIn, type Report } from './check.ts';
import type { State, Workflow } from './schema.ts';

/** Fields that hold names, ARNs or prose, in which `{%` means nothing. */
const plainFields = new Set(['Type', 'Resource', 'Comment', 'QueryLanguage', 'Next', 'Default', 'ErrorEquals']);
/** Fields that hold whole workflows, which are checked for themselves. */
const nestedFields = new Set(['Branches', 'ItemProcessor']);
const VARIABLE_PATTERN = /^[\p{ID_Start}][\p{ID_Continue}]*$/u;

/** Every expression of a state can be compiled. */
export function checkExpressions(state: State, at: string, report: Report): void {
  for (const [field, value] of Object.entries(state)) {
    if (plainFields.has(field) || nestedFields.has(field)) continue;
    for (const { text, at: place } of stringsIn(value, `${at}/${field}`)) {
      const rule = place.slice(at.length + 1).split('/');
      // Inside `Choices`, `Retry` and `Catch` the third step is a rule's own field; in a payload it is the user's.
      const inRule = field === 'Choices' || field === 'Retry' || field === 'Catch';
      if (inRule && plainFields.has(rule[2] ?? '')) continue;
      checkText(text, place, report);
    }
  }
}

function checkText(text: string, at: string, report: Report): void {
  const expression = expressionIn(text);
  if (expression !== undefined) {
    const fault = syntaxFault(expression);
    if (fault !== undefined) report('SCHEMA_VALIDATION_FAILED', `The JSONata expression is wrong: ${fault}`, at);
  } else if (text.startsWith('{%') || text.endsWith('%}')) {
    report('SCHEMA_VALIDATION_FAILED', 'A JSONata expression starts with {% and ends with %}', at);
  }
}

/**
 * Variables have names that JSONata can read, and an inner workflow never assigns what an outer one does: it could
 * read it but not change it.
 */
export function checkVariables(workflow: Workflow, location: string, outer: ReadonlySet<string>, report: Report): void {
  const assigned = new Set(outer);
  for (const [name, state] of Object.entries(workflow.States)) {
    for (const { variable, at } of assignmentsOf(state)) {
      const place = `${location}/States/${name}/${at}/${variable}`;
      if (variable === 'states' || !VARIABLE_PATTERN.test(variable)) {
        report('SCHEMA_VALIDATION_FAILED', `"${variable}" cannot be the name of a variable`, place);
      }
      if (outer.has(variable)) {
        report('SCHEMA_VALIDATION_FAILED', `"${variable}" is a variable of an outer workflow`, place);
      }
      assigned.add(variable);
    }
  }
  for (const [name, state] of Object.entries(workflow.States)) {
    for (const inner of nestedIn(state)) {
      checkVariables(inner.workflow, `${location}/States/${name}/${inner.location}`, assigned, report);
    }
  }
}

function assignmentsOf(state: State): readonly { readonly variable: string; readonly at: string }[] {
  const found = (assign: object | undefined, at: string) =>
    Object.keys(assign ?? {}).map((variable) => ({ variable, at }));
  return [
    ...('Assign' in state ? found(state.Assign, 'Assign') : []),
    ...('Catch' in state ? (state.Catch ?? []) : []).flatMap((one, index) =>
      found(one.Assign, `Catch/${index}/Assign`),
    ),
    ...('Choices' in state ? state.Choices : []).flatMap((one, index) => found(one.Assign, `Choices/${index}/Assign`)),
  ];
}
