import * as z from 'zod';
import { financeMonthSchema } from '../money/finance-row.ts';
import { monthPattern } from '../money/month.ts';
import { stageMonthSchema } from '../money/stage-month.ts';
import { cursorSchema } from './cursor.ts';
import type { Route } from './route.ts';

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
/** By default the present one. */
const month = z.string().regex(monthPattern, 'must be a month such as 2026-11').optional();

export const financeRoutes = {
  readFinance: {
    id: 'readFinance',
    method: 'GET',
    path: '/v1/operator/finance',
    function: 'finance',
    access,
    summary: 'What a month earned and cost: in all, by tier, what recurs and how it changed',
    query: z.strictObject({ month }),
    response: { status: 200, schema: stageMonthSchema },
    errors: [...errors, 'not_found'],
    cost: 'light',
  },
  listFinanceMonths: {
    id: 'listFinanceMonths',
    method: 'GET',
    path: '/v1/operator/finance/months',
    function: 'finance',
    access,
    summary: 'What the last twelve months earned and cost, as far as they were settled, the oldest first',
    response: {
      status: 200,
      schema: z.object({
        months: z.array(z.object({ month: z.string(), companies: z.int(), earnedMicro: z.int(), costMicro: z.int() })),
      }),
    },
    errors,
    cost: 'light',
  },
  listFinance: {
    id: 'listFinance',
    method: 'GET',
    path: '/v1/operator/finance/tenants',
    function: 'finance',
    access,
    summary: 'What each company used, cost and earned in a month, by its margin',
    query: z.strictObject({
      month,
      /** `margin`: the lowest first; `-margin`: the highest. */
      sort: z.enum(['margin', '-margin']).default('margin'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      cursor: cursorSchema.optional(),
    }),
    response: {
      status: 200,
      schema: z.object({
        /** The name is null once the company is gone. */
        tenants: z.array(financeMonthSchema.extend({ tenantId: z.string(), name: z.string().nullable() })),
        cursor: z.string().nullable(),
      }),
    },
    errors,
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
