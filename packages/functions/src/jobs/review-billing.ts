import { SFNClient } from '@aws-sdk/client-sfn';
import { dueTenants } from '@tenantry/core/billing/due';
import { billingMachines } from '../billing/machines.ts';
import { createReviewer } from '../billing/reviewer.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { asJob } from './as-job.ts';

const { Control: control } = ownTables('jobs/review-billing');
const scopeOf = createScope('jobs/review-billing');
const stripe = stripeFromEnvironment();
const machines = billingMachines(new SFNClient({}));

/** Goes on with the dunning of those who are due, and with whatever had to wait; sends mails that wait. */
export const handler = asJob(
  control,
  'review-billing',
  (_: unknown, { awsRequestId: requestId }: { awsRequestId: string }) =>
    withLogContext({ requestId }, async (): Promise<{ reviewed: number; failed: number }> => {
      const reviewer = createReviewer({ stripe, machines, people: control }, (tenantId) =>
        scopeOf({ tenantId, requestId }),
      );
      const now = new Date();
      const [reviews, mails] = await Promise.all([
        dueTenants(control, 'review', now),
        dueTenants(control, 'mail', now),
      ]);
      let failed = 0;
      const each = async (work: () => Promise<unknown>, tenantId: string): Promise<void> => {
        try {
          await work();
        } catch (error) {
          // One company that cannot be reviewed must not keep the others from it.
          failed += 1;
          log.error('billing review failed', error, { tenantId });
        }
      };
      for (const tenantId of reviews) await each(() => reviewer.review(tenantId), tenantId);
      for (const tenantId of mails) await each(() => reviewer.mail(tenantId), tenantId);
      log.info('billing reviewed', { reviewed: reviews.length, mailed: mails.length, failed });
      return { reviewed: reviews.length, failed };
    }),
);
