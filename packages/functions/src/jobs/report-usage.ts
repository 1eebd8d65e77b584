import { findSubscription } from '@tenantry/core/billing/subscription';
import { waitingReports } from '@tenantry/core/usage/due';
import { tellReport } from '@tenantry/core/usage/outbox';
import { stripeBiller } from '@tenantry/core/usage/stripe-biller';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { asJob } from './as-job.ts';
import { forEachTenant } from './each-tenant.ts';

const { Usage: all, Control: control } = ownTables('jobs/report-usage');
const scopeOf = createScope('jobs/report-usage');
const biller = stripeBiller(stripeFromEnvironment());

export interface Reported {
  readonly told: number;
  readonly refused: number;
  /** Reports that wait for the next run. */
  readonly waiting: number;
}

/** Tells the biller what waits in the outbox, each tenant's reports in their order. */
export const handler = asJob(
  control,
  'report-usage',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Reported> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const outcomes = { told: 0, refused: 0, 'done before': 0 };
      const { failed, left } = await forEachTenant(waitingReports(all), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 30_000,
        work: async (tenantId, { sk }) => {
          const scoped = scopeOf({ tenantId, requestId: context.awsRequestId });
          const subscription = await findSubscription(scoped['tenant-registry'].Control, tenantId);
          if (!subscription) throw new Error('There is no subscription to report to yet.');
          const { customerId } = subscription;
          const outcome = await tellReport(
            scoped['tenant-reporting'].Usage,
            biller,
            { tenantId, sk, customerId },
            new Date(),
          );
          outcomes[outcome] += 1;
          if (outcome === 'refused') log.error('report refused', undefined, { tenantId, report: sk });
        },
        onFailure: (error, { tenantId, sk }) => log.error('report not told', error, { tenantId, report: sk }),
      });
      const { told, refused } = outcomes;
      const waiting = failed + left;
      log.info('usage reported', { told, refused, waiting });
      return { told, refused, waiting };
    }),
);
