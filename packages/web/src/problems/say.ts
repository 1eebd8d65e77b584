import type { ApiError } from '../api/error.ts';
import { type ProblemWords, sayAs } from './catalogue.ts';

/** What is wrong with a field, in the language of the words; in the API's English where they lack it. */
export const sayField = (words: ProblemWords, message: string): string =>
  sayAs(words.fields, words.values, message) ?? message;

/** What the API refused and why: its own sentence in the language of the words, else what its code means, else its English. */
export function sayProblem(words: ProblemWords, { problem, message }: ApiError): string {
  const { detail, code, errors = [] } = problem;
  if (detail !== undefined) {
    const said = sayAs(words.sentences, words.values, detail);
    if (said !== undefined) return said;
    const about = errors.find((error) => detail === `${error.field}: ${error.message}.`);
    if (about) return `${about.field}: ${sayField(words, about.message)}`;
  }
  const meant = code !== undefined && Object.hasOwn(words.codes, code) ? words.codes[code] : undefined;
  return meant ?? message;
}
