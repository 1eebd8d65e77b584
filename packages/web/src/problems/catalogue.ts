/** What a language makes of the API's English. Keys of `sentences` and `fields` are the API's own words, `{0}`, `{1}`, … where it puts values in. */
export interface ProblemWords {
  /** For a problem whose sentence is not known here. */
  readonly codes: Readonly<Record<string, string>>;
  readonly sentences: Readonly<Record<string, string>>;
  /** What is wrong with a field. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the API puts into its sentences: roles, statuses, names of limits. */
  readonly values: Readonly<Record<string, string>>;
}

const placeholder = /\{(\d)\}/g;
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(placeholder)
      .map((part, i) => (i % 2 ? '(.+?)' : escaped(part)))
      .join('')}$`,
    's',
  );

/**
 * The text in the language of the words, or undefined where these do not have it.
 * @param templates from the API's words to those of the language
 */
export function sayAs(
  templates: Readonly<Record<string, string>>,
  values: ProblemWords['values'],
  text: string,
): string | undefined {
  if (Object.hasOwn(templates, text)) return templates[text];
  for (const [template, said] of Object.entries(templates)) {
    const found = template.includes('{0}') ? patternOf(template).exec(text) : null;
    if (!found) continue;
    return said.replace(placeholder, (_, index: string) => {
      const value = found[Number(index) + 1] ?? '';
      return Object.hasOwn(values, value) ? (values[value] ?? value) : value;
    });
  }
  return undefined;
}
