import type { Json, JsonObject } from '../json.ts';
import { PAYLOAD_BYTES_MAX, parseJson, weightBytes } from '../json.ts';
import { compile, messageOf } from './compile.ts';
import { functionsOf, type Sources } from './functions.ts';
import { fillTemplate } from './template.ts';

/** What an expression can see: `$states` and the variables. */
export interface Scope {
  readonly states: JsonObject;
  readonly variables: JsonObject;
}

/** An expression that has no value, or not one that its field can take; and a value that is too large. */
export class EvaluationError extends Error {
  readonly error: 'States.QueryEvaluationError' | 'States.DataLimitExceeded';
  /** `Arguments/Payload/tenantId` */
  readonly location: string;

  constructor(message: string, location: string, error: EvaluationError['error'] = 'States.QueryEvaluationError') {
    super(message);
    this.name = 'EvaluationError';
    this.error = error;
    this.location = location;
  }
}

/**
 * Fills a field's template.
 * @throws {EvaluationError}
 */
export async function evaluateField(template: Json, field: string, scope: Scope, sources: Sources): Promise<Json> {
  const bindings = { ...scope.variables, states: scope.states, ...functionsOf(sources) };
  const value = await fillTemplate(template, field, (expression, at) => evaluate(expression, at, bindings));
  return limited(value, field);
}

/** @throws {EvaluationError} when a value weighs more than 256 KiB. */
export function limited(value: Json, field: string): Json {
  if (weightBytes(value) <= PAYLOAD_BYTES_MAX) return value;
  const message = `The value of ${field} weighs more than ${PAYLOAD_BYTES_MAX} bytes.`;
  throw new EvaluationError(message, field, 'States.DataLimitExceeded');
}

async function evaluate(expression: string, at: string, bindings: Readonly<Record<string, unknown>>): Promise<Json> {
  let value: unknown;
  try {
    value = await compile(expression).evaluate(undefined, bindings);
  } catch (error) {
    throw new EvaluationError(`The JSONata expression '${expression}' failed: ${messageOf(error)}`, at);
  }
  const text = isFunction(value) ? undefined : JSON.stringify(value, refuseFunctions(expression, at));
  if (text === undefined) {
    const what = value === undefined ? 'nothing (undefined)' : 'a function';
    throw new EvaluationError(`The JSONata expression '${expression}' returned ${what}.`, at);
  }
  // Through JSON, since jsonata's arrays carry marks of its own and share structure with what they were made from.
  return parseJson(text);
}

function refuseFunctions(expression: string, at: string) {
  return (_key: string, value: unknown): unknown => {
    if (!isFunction(value)) return value;
    throw new EvaluationError(`The JSONata expression '${expression}' returned a function.`, at);
  };
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}
