import { dueHours, hourOfMark } from '@tenantry/core/usage/due';
import { Overtaken, rollUpHour } from '@tenantry/core/usage/roll-up';
import { tellThreshold } from '@tenantry/core/usage/tell-threshold';
import * as z from 'zod';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';
import { forEachTenant } from './each-tenant.ts';

const { Usage: all, Control: control } = ownTables('jobs/count-usage');
const scopeOf = createScope('jobs/count-usage');

const inputSchema = z.object({
  /** Hands over hours that are not over, too: before an invoice is made out of turn. */
  early: z.boolean().default(false),
});

export interface Counted {
  readonly hours: number;
  readonly failed: number;
  /** Hours that were left to the next run, since the time was up. */
  readonly left: number;
}

/** Counts the hours in which something happened since they were counted last, whoever they belong to, and tells who nears what is included. */
export const handler = asJob(
  control,
  'count-usage',
  (event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Counted> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const { early } = inputSchema.parse(event ?? {});
      const counted = await forEachTenant(dueHours(all), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 30_000,
        work: async (tenantId, mark) => {
          const stores = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-metering'];
          const tables = { usage: stores.Usage, control: stores.Control, auditTable: stores.Audit.name };
          const at = hourOfMark(mark);
          const now = new Date();
          await rollUpHour(tables.usage, at, { now, early, counted: () => tellThreshold(tables, at, now) });
        },
        onFailure: (error, { tenantId, sk: mark }) => {
          if (error instanceof Overtaken) log.info('hour counted by somebody else', { tenantId, mark });
          else log.error('hour not counted', error, { tenantId, mark });
        },
      });
      log.info('usage counted', { ...counted });
      return { hours: counted.done, failed: counted.failed, left: counted.left };
    }),
);
