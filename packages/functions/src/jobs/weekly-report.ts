import { announce, hasMail } from '@tenantry/core/mail/outbox';
import { weekBefore } from '@tenantry/core/report/week';
import { readWeeklyReport } from '@tenantry/core/report/weekly-report';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';
import { forEachTenant, type Tally } from './each-tenant.ts';

const { Control: all } = ownTables('jobs/weekly-report');
const scopeOf = createScope('jobs/weekly-report');

/** Puts the report of the week that has ended into the outbox of every company that something happened at, once for each week. */
export const handler = asJob(
  all,
  'weekly-report',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Tally> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const requestId = context.awsRequestId;
      const now = new Date();
      const week = weekBefore(now);
      const key = `weeklyReport#${week.name}`;
      const tally = await forEachTenant(tenantsIn(all, ['active', 'migrating']), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 30_000,
        work: async (tenantId, { name }) => {
          const { Control, Usage, Attribution } = scopeOf({ tenantId, requestId })['tenant-report'];
          if (await hasMail(Control, tenantId, key)) return;
          const report = await readWeeklyReport({ usage: Usage, attribution: Attribution }, tenantId, week);
          if (!report) return;
          const facts = { company: name, report };
          await announce(Control, tenantId, { key, kind: 'weeklyReport', facts, createdAt: now.toISOString() });
        },
        onFailure: (error, { tenantId }) => log.error('weekly report not made', error, { tenantId }),
      });
      log.info('weekly reports made', { week: week.name, ...tally });
      // The clock tries again at once, and comes back tomorrow.
      if (tally.failed + tally.left > 0) throw new Error(`${tally.failed + tally.left} weekly reports were not made.`);
      return tally;
    }),
);
