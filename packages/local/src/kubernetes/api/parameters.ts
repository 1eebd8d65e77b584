import * as z from 'zod';
import { StatusError } from './status.ts';

const truth = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const common = { pretty: z.string().optional() };

const schemas = {
  get: z.strictObject(common),
  list: z.strictObject({
    ...common,
    labelSelector: z.string().max(4096).optional(),
    fieldSelector: z
      .string()
      .regex(/^metadata\.name==?[-.a-z0-9]+$/)
      .optional(),
    limit: count.optional(),
    continue: z.string().regex(/^\d*$/).optional(),
    resourceVersion: count.optional(),
    resourceVersionMatch: z.enum(['NotOlderThan', 'Exact']).optional(),
    watch: truth.optional(),
    timeoutSeconds: count.optional(),
    allowWatchBookmarks: truth.optional(),
  }),
  patch: z.strictObject({
    ...common,
    fieldManager: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'is required for apply patch'),
    force: truth.optional(),
    fieldValidation: z.enum(['Strict']).optional(),
  }),
  delete: z.strictObject({
    ...common,
    propagationPolicy: z.enum(['Background', 'Foreground']).optional(),
    gracePeriodSeconds: count.optional(),
  }),
} as const;

export type ListParameters = z.infer<typeof schemas.list>;

/**
 * The query of a call. A parameter that is not known is refused rather than passed over.
 * @throws {StatusError} `BadRequest`
 */
export function parametersOf<N extends keyof typeof schemas>(
  name: N,
  query: URLSearchParams,
): z.infer<(typeof schemas)[N]> {
  const result = schemas[name].safeParse(Object.fromEntries(query));
  if (result.success) return result.data as z.infer<(typeof schemas)[N]>;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`);
  throw new StatusError('BadRequest', `query parameters are not valid: ${issues.join(', ')}`);
}
