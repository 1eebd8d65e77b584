import type { z } from 'zod';
import type { FieldError } from './domain-error.ts';

/** Errors listed in one answer; more help nobody. */
const FIELD_ERRORS_MAX = 20;
const FIELD_CHARACTERS_MAX = 200;

const short = (text: string): string =>
  text.length > FIELD_CHARACTERS_MAX ? `${text.slice(0, FIELD_CHARACTERS_MAX)}…` : text;

/**
 * What a schema says of bad input, by field. Names of fields are the sender's own, so that they are cut where they are long.
 * @param prefix where in the input the value lies
 */
export function fieldErrors(error: z.ZodError, prefix: readonly PropertyKey[] = []): FieldError[] {
  const found: FieldError[] = [];
  for (const issue of error.issues) {
    const path = [...prefix, ...issue.path].map(String);
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    for (const key of unknown ?? [undefined]) {
      if (found.length === FIELD_ERRORS_MAX) return found;
      const field = short([...path, ...(key === undefined ? [] : [key])].join('.'));
      found.push({
        field: field || '(body)',
        message: key === undefined ? short(issue.message) : 'is not a known field',
      });
    }
  }
  return found;
}
