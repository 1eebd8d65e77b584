/** Stripe's request bodies: form encoding whose names nest by brackets (`items[0][price]`, `expand[]`). */

import { invalid } from './error.ts';

/** A value, or values by name; lists are values by position until a schema says that they are lists. */
export type FormTree = string | FormFields;
export interface FormFields {
  [name: string]: FormTree;
}

const PAIRS_MAX = 1000;
const DEPTH_MAX = 8;

/** No prototype, so that no name can mean anything but itself. */
const emptyFields = (): FormFields => Object.create(null);

/** `a[b][]` as `['a', 'b', '']`. */
function readPath(name: string): string[] {
  const match = name.match(/^([^[\]]+)((?:\[[^[\]]*\])*)$/);
  if (!match) throw invalid(`Invalid parameter name: ${name.slice(0, 100)}`);
  const [, first = '', rest = ''] = match;
  const path = [first, ...Array.from(rest.matchAll(/\[([^[\]]*)\]/g), ([, part = '']) => part)];
  if (path.length > DEPTH_MAX) throw invalid(`Parameter is nested too deeply: ${name.slice(0, 100)}`);
  return path;
}

/** @throws {StripeError} for names that are malformed or contradict each other */
export function decodeForm(text: string): FormFields {
  const root = emptyFields();
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    pairs += 1;
    if (pairs > PAIRS_MAX) throw invalid(`A request may carry ${PAIRS_MAX} parameters.`);
    const path = readPath(name);
    const last = path.pop() ?? '';
    let fields = root;
    for (const part of path) {
      const key = part === '' ? String(Object.keys(fields).length) : part;
      const next = fields[key] ?? emptyFields();
      if (typeof next === 'string') throw invalid(`Parameter is both a value and a hash: ${name}`, name);
      fields[key] = next;
      fields = next;
    }
    const key = last === '' ? String(Object.keys(fields).length) : last;
    if (fields[key] !== undefined) throw invalid(`Parameter is given twice: ${name}`, name);
    fields[key] = value;
  }
  return root;
}
