import * as z from 'zod';
import { flagKinds, flagNames } from '../flag/flags.ts';
import { flagRuleSchema } from '../flag/rule.ts';
import { reasonSchema } from './operator.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

const flagSchema = z.object({
  name: z.enum(flagNames),
  description: z.string(),
  default: z.boolean(),
  kinds: z.array(z.enum(flagKinds)),
  /** Null while nobody has set it. */
  rule: flagRuleSchema.nullable(),
  revision: z.int(),
  changedAt: timeSchema.nullable(),
  changedBy: z.string().nullable(),
});

export const flagRoutes = {
  listFlags: {
    id: 'listFlags',
    method: 'GET',
    path: '/v1/operator/flags',
    function: 'flags',
    access,
    summary: 'The flags, and for whom each is on',
    response: { status: 200, schema: z.object({ flags: z.array(flagSchema) }) },
    errors,
    cost: 'light',
  },
  setFlag: {
    id: 'setFlag',
    method: 'PUT',
    path: '/v1/operator/flags/{flag}',
    function: 'flags',
    access,
    summary: 'Set for whom a flag is on; it counts within ten seconds',
    params: z.object({ flag: z.enum(flagNames) }),
    body: z.strictObject({
      rule: flagRuleSchema,
      /** Of the setting that was seen. */
      revision: z.int().nonnegative(),
      reason: reasonSchema,
    }),
    bodyBytesMax: 16_384,
    response: { status: 200, schema: flagSchema },
    errors: [...errors, 'conflict'],
    cost: 'light',
    example: {
      request: { rule: { kind: 'percentage', percentage: 25 }, revision: 0, reason: 'A quarter of the shops first' },
    },
  },
} as const satisfies Record<string, Route>;
