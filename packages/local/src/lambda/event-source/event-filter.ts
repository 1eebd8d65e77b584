import * as z from 'zod';

/**
 * Event filter patterns, as event source mappings take them: an object of the same shape as the record, whose leaves
 * are lists of alternatives.
 */
const rule = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({
    'anything-but': z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1)]),
  }),
]);
type Rule = z.infer<typeof rule>;
interface Pattern {
  readonly [member: string]: Pattern | readonly Rule[];
}
const pattern: z.ZodType<Pattern> = z.lazy(() =>
  z.record(z.string(), z.union([z.array(rule).min(1), pattern])).refine((value) => Object.keys(value).length > 0),
);

/** The text of a pattern; what is not understood is refused when the mapping is made. */
export const eventFilterSchema = z
  .string()
  .max(4096)
  .refine((text) => parsePattern(text) !== undefined, 'Invalid filter pattern definition.');

function parsePattern(text: string): Pattern | undefined {
  try {
    return pattern.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** True when one of the patterns accepts the record, or when there are none. */
export function createEventFilter(patterns: readonly string[]): (record: unknown) => boolean {
  const parsed = patterns.map((text) => pattern.parse(JSON.parse(text)));
  return (record) => parsed.length === 0 || parsed.some((one) => matches(one, record));
}

function matches(wanted: Pattern | readonly Rule[], value: unknown): boolean {
  if (isRules(wanted)) return wanted.some((one) => satisfies(one, value));
  const members: Record<string, unknown> = isObject(value) ? value : {};
  return Object.entries(wanted).every(([name, inner]) => matches(inner, members[name]));
}

function isRules(wanted: Pattern | readonly Rule[]): wanted is readonly Rule[] {
  return Array.isArray(wanted);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function satisfies(one: Rule, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => satisfies(one, item));
  if (typeof one !== 'object' || one === null) return value === one;
  // As in EventBridge, `exists` is about leaves: an object in that place does not count.
  if ('exists' in one) return (value !== undefined && !isObject(value)) === one.exists;
  if ('prefix' in one) return typeof value === 'string' && value.startsWith(one.prefix);
  if ('suffix' in one) return typeof value === 'string' && value.endsWith(one.suffix);
  const refused: readonly unknown[] = [one['anything-but']].flat();
  return value !== undefined && !isObject(value) && !refused.includes(value);
}
