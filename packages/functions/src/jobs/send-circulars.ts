import { duePages } from '@tenantry/core/billing/due';
import { sendMails } from '@tenantry/core/mail/outbox';
import { circularMailer } from '../circular-mailer.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';

const { Control: control } = ownTables('jobs/send-circulars');
const scopeOf = createScope('jobs/send-circulars');
const mailer = circularMailer(control);

/** Sends the circulars that wait, company by company, at the pace that the sender is allowed. What there is no time for waits for the next run. */
export const handler = asJob(
  control,
  'send-circulars',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }) =>
    withLogContext({ requestId: context.awsRequestId }, async (): Promise<{ sent: number; failed: number }> => {
      const timeIsUp = () => context.getRemainingTimeInMillis() < 30_000;
      let sent = 0;
      let failed = 0;
      for await (const page of duePages(control, 'circular', new Date())) {
        for (const tenantId of page) {
          if (timeIsUp()) break;
          const { Control } = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-circulars'];
          try {
            sent += await sendMails(Control, tenantId, mailer(Control, tenantId));
          } catch (error) {
            failed += 1;
            log.error('circular not sent', error, { tenantId });
          }
        }
        if (timeIsUp()) break;
      }
      log.info('circulars sent', { sent, failed });
      return { sent, failed };
    }),
);
