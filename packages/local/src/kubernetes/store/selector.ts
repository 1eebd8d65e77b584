import { StatusError } from '../api/status.ts';

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

const name = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const value = '[-A-Za-z0-9_.]*';
const forms: readonly [RegExp, (match: RegExpExecArray) => Test][] = [
  [
    new RegExp(`^(${name})\\s*==?\\s*(${value})$`),
    ([, key = '', wanted]) =>
      (labels) =>
        labels[key] === wanted,
  ],
  [
    new RegExp(`^(${name})\\s*!=\\s*(${value})$`),
    ([, key = '', refused]) =>
      (labels) =>
        labels[key] !== refused,
  ],
  [
    new RegExp(`^(${name})\\s+(in|notin)\\s+\\(([^()]*)\\)$`),
    ([, key = '', operator, among = '']) => {
      const values = among.split(',').map((one) => one.trim());
      return (labels) => {
        const present = labels[key];
        return (present !== undefined && values.includes(present)) === (operator === 'in');
      };
    },
  ],
  [
    new RegExp(`^(${name})$`),
    ([, key = '']) =>
      (labels) =>
        Object.hasOwn(labels, key),
  ],
  [
    new RegExp(`^!\\s*(${name})$`),
    ([, key = '']) =>
      (labels) =>
        !Object.hasOwn(labels, key),
  ],
];

/**
 * A label selector as a query parameter: `a=b,c!=d,e in (f,g),h,!i`.
 * @throws {StatusError} `BadRequest`
 */
export function labelSelector(text: string): Test {
  const terms = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/).map((term) => term.trim());
  const tests = terms.map((term) => {
    for (const [pattern, build] of forms) {
      const match = pattern.exec(term);
      if (match) return build(match);
    }
    throw new StatusError('BadRequest', `unable to parse requirement: ${JSON.stringify(term)}`);
  });
  return (labels) => tests.every((test) => test(labels));
}

export const matchesLabels = (wanted: Labels, labels: Labels | undefined): boolean =>
  Object.entries(wanted).every(([key, one]) => labels?.[key] === one);
