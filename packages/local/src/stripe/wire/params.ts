/** Schemas for parameters, which arrive as text, and Stripe's way of refusing them. */

import * as z from 'zod';
import { StripeError } from './error.ts';

/** Reads text by a rule; what the rule does not take is an error with Stripe's code. */
function scalar<T>(code: string, describe: (given: string) => string, read: (text: string) => T | undefined) {
  return z.string().transform((given, context): T => {
    const value = read(given);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: describe(given), params: { code } });
    return z.NEVER;
  });
}

export const integer = scalar(
  'parameter_invalid_integer',
  (given) => `Invalid integer: ${given}`,
  (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
);
/** A decimal of 0 or more with up to 12 places, kept as text so that nothing of it is lost. */
export const decimalText = scalar(
  'parameter_invalid_decimal',
  (given) => `Invalid decimal: ${given}; must be 0 or more, with at most 12 decimal places.`,
  (text) => (/^\d{1,10}(\.\d{1,12})?$/.test(text) ? text : undefined),
);
export const flag = scalar(
  'parameter_invalid_boolean',
  (given) => `Invalid boolean: ${given}`,
  (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
);
export const webUrl = scalar(
  'url_invalid',
  () => 'Not a valid URL',
  (text) => (text.length <= 5000 && /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined),
);
export const email = scalar(
  'email_invalid',
  (given) => `Invalid email address: ${given}`,
  (text) => (text.length <= 512 && /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text) ? text : undefined),
);
export const currency = scalar(
  'parameter_invalid_string',
  (given) => `Invalid currency: ${given}`,
  (text) => (/^[a-z]{3}$/i.test(text) ? text.toLowerCase() : undefined),
);

export const text = (max = 5000) =>
  scalar(
    'parameter_invalid_empty',
    (given) =>
      given === ''
        ? 'You passed an empty string. We assume empty values are an attempt to unset a parameter; however this one cannot be unset.'
        : `Invalid string: must be at most ${max} characters`,
    (given) => (given !== '' && given.length <= max ? given : undefined),
  );

export const oneOf = <const Choice extends string>(...choices: readonly Choice[]) =>
  scalar(
    'parameter_invalid_string',
    (given) => `Invalid value: must be one of ${choices.join(', ')} (given ${given})`,
    (given) => choices.find((choice) => choice === given),
  );

/** Text that empties the field when empty. */
export const clearable = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => null), schema]);

/** A list, sent as positions: `{0: …, 1: …}`. */
export const list = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((tree) => {
    if (typeof tree !== 'object' || tree === null) return tree;
    const entries = Object.entries(tree);
    if (entries.some(([position]) => !/^\d{1,4}$/.test(position))) return tree;
    return entries.sort(([left], [right]) => Number(left) - Number(right)).map(([, value]) => value);
  }, z.array(schema));

/** Up to 50 keys; an empty value removes its key, an empty whole removes all. */
export const metadata = z.union([
  z.literal('').transform(() => null),
  z
    .record(z.string().min(1).max(40), z.string().max(500))
    .refine((entries) => Object.keys(entries).length <= 50, 'You can specify up to 50 metadata keys.'),
]);

export type MetadataChange = z.infer<typeof metadata>;

export function changeMetadata(
  current: Readonly<Record<string, string>>,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === undefined) return { ...current };
  if (change === null) return {};
  return Object.fromEntries(Object.entries({ ...current, ...change }).filter(([, value]) => value !== ''));
}

export const address = z.strictObject({
  line1: text(200).optional(),
  line2: text(200).optional(),
  city: text(200).optional(),
  state: text(200).optional(),
  postal_code: text(50).optional(),
  country: text(2).optional(),
});

/** `created`: a moment or a range, in seconds. */
export const createdRange = z.union([
  integer.transform((at) => ({ gte: at, lte: at })),
  z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() }),
]);

/** What every list takes. */
export const paging = {
  limit: integer.refine((count) => count >= 1 && count <= 100, 'This value must be between 1 and 100.').optional(),
  starting_after: text(255).optional(),
  ending_before: text(255).optional(),
  created: createdRange.optional(),
};

export interface Paging {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?:
    | {
        readonly gt?: number | undefined;
        readonly gte?: number | undefined;
        readonly lt?: number | undefined;
        readonly lte?: number | undefined;
      }
    | undefined;
}

const bracketed = (path: readonly PropertyKey[]): string =>
  path.map((part, depth) => (depth === 0 ? String(part) : `[${String(part)}]`)).join('');

type Issue = z.core.$ZodIssue;

/** The deepest complaint: of a union, that of the alternative which got furthest. */
function mostTelling(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const [inner] = issue.errors
    .flat()
    .sort(
      (left, right) =>
        right.path.length - left.path.length ||
        Number(right.code !== 'invalid_value') - Number(left.code !== 'invalid_value'),
    );
  return inner ? mostTelling({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

function refuse(found: Issue): StripeError {
  const issue = mostTelling(found);
  const param = bracketed(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => bracketed([...issue.path, key]));
    const [first = ''] = names;
    const message = `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}. (The local Stripe knows the parameters that this product uses.)`;
    return new StripeError(400, message, { code: 'parameter_unknown', param: first });
  }
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return new StripeError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  const code: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return new StripeError(400, issue.message, { ...(typeof code === 'string' ? { code } : {}), param });
}

/** @throws {StripeError} `parameter_unknown`, `parameter_missing` and the like, naming the parameter */
export function readParams<Schema extends z.ZodType>(schema: Schema, tree: unknown): z.infer<Schema> {
  const result = schema.safeParse(tree, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue ? refuse(issue) : new StripeError(400, 'Invalid request');
}
