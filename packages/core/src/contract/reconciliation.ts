import * as z from 'zod';
import { newestReportSchema } from '../reconciliation/report.ts';
import { reasonSchema } from './operator.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const access = { by: 'operator' } as const;
const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;

export const reconciliationRoutes = {
  readReconciliation: {
    id: 'readReconciliation',
    method: 'GET',
    path: '/v1/operator/reconciliation',
    function: 'reconciliation',
    access,
    summary:
      'What the newest reconciliation found: differences between the registry and what there is. Before the first it has no times',
    response: { status: 200, schema: newestReportSchema },
    errors,
    cost: 'light',
  },
  startReconciliation: {
    id: 'startReconciliation',
    method: 'POST',
    path: '/v1/operator/reconciliation',
    function: 'reconciliation',
    access,
    summary: 'Reconcile now, and with `fix` mend what needs no decision; the report follows within minutes',
    body: z.strictObject({ fix: z.boolean().default(false), reason: reasonSchema }),
    bodyBytesMax: 1024,
    response: { status: 202, schema: z.object({ requestedAt: timeSchema, fix: z.boolean() }) },
    errors,
    cost: 'heavy',
    example: { request: { fix: false, reason: 'After the outage of this morning' } },
  },
} as const satisfies Record<string, Route>;
