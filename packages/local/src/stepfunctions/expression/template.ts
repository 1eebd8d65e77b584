import type { Json } from '../json.ts';
import { isObject } from '../json.ts';

/** A whole string between `{%` and `%}`. */
export const EXPRESSION_PATTERN = /^\{%[\s\S]*%\}$/;

/** The JSONata inside a `{% … %}` string; undefined for any other value. */
export function expressionIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 4 && EXPRESSION_PATTERN.test(value)
    ? value.slice(2, -2).trim()
    : undefined;
}

/** Every string of a payload template with the way to it, such as `Arguments/Payload/tenantId`. */
export function* stringsIn(value: unknown, at: string): Generator<{ readonly text: string; readonly at: string }> {
  if (typeof value === 'string') yield { text: value, at };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* stringsIn(item, `${at}/${index}`);
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield* stringsIn(item, `${at}/${key}`);
}

/** Replaces every expression of a template by what `evaluate` makes of it; all else stays as it is. */
export async function fillTemplate(
  template: Json,
  at: string,
  evaluate: (expression: string, at: string) => Promise<Json>,
): Promise<Json> {
  const expression = expressionIn(template);
  if (expression !== undefined) return evaluate(expression, at);
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await fillTemplate(item, `${at}/${index}`, evaluate));
    return items;
  }
  if (!isObject(template)) return template;
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(template)) {
    entries.push([key, await fillTemplate(item, `${at}/${key}`, evaluate)]);
  }
  return Object.fromEntries(entries);
}
