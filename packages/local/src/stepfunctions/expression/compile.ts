import jsonata, { type Expression } from 'jsonata';

/** An expression that runs longer than this is given up, since everything else waits for it meanwhile. */
const EVALUATION_MS_MAX = 500;
const DEPTH_MAX = 500;
const SEQUENCE_MAX = 100_000;
const CACHE_MAX = 2000;

const cache = new Map<string, Expression>();

/** @throws what `jsonata` throws for a syntax error: an object with `code`, `message` and `position`. */
export function compile(expression: string): Expression {
  const cached = cache.get(expression);
  if (cached !== undefined) return cached;
  const compiled = jsonata(expression, { timeout: EVALUATION_MS_MAX, stack: DEPTH_MAX, sequence: SEQUENCE_MAX });
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(expression, compiled);
  return compiled;
}

/** Why an expression cannot be compiled; undefined when it can. */
export function syntaxFault(expression: string): string | undefined {
  try {
    return callsEval(compile(expression).ast()) ? '$eval is not available; use $parse for JSON' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** `jsonata` throws plain objects as well as errors. */
export function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

function callsEval(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some(callsEval);
  const { type, value } = node as { readonly type?: unknown; readonly value?: unknown };
  if (type === 'variable' && value === 'eval') return true;
  return Object.values(node).some(callsEval);
}
