import { duePages } from '@tenantry/core/billing/due';
import type { TenantId } from '@tenantry/core/ids/id';
import { sendMails } from '@tenantry/core/mail/outbox';
import { finish, layDown, noteSent, openAnnouncements } from '../announcing.ts';
import { circularMailer } from '../circular-mailer.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';

const { Control: control } = ownTables('jobs/send-circulars');
const scopeOf = createScope('jobs/send-circulars');
const mailer = circularMailer(control);

/** Sends what waits, company by company. @returns how many could not be sent, or not in this time */
async function sendWaiting(requestId: string, timeIsUp: () => boolean) {
  const tally = { sent: 0, failed: 0, left: 0 };
  for await (const page of duePages(control, 'circular', new Date())) {
    for (const tenantId of page) {
      if (timeIsUp()) tally.left += 1;
      else await sendTo(tenantId, requestId, tally);
    }
    if (timeIsUp()) break;
  }
  return tally;
}

async function sendTo(tenantId: TenantId, requestId: string, tally: { sent: number; failed: number }): Promise<void> {
  const { Control: registry } = scopeOf({ tenantId, requestId })['tenant-circulars'];
  try {
    const sent = (mail: Parameters<typeof noteSent>[2]) => noteSent(control, tenantId, mail);
    tally.sent += await sendMails(registry, tenantId, { ...mailer(registry, tenantId), sent });
  } catch (error) {
    // One company that cannot be reached must not keep the others from their mails.
    tally.failed += 1;
    log.error('circular not sent', error, { tenantId });
  }
}

/**
 * Lays announcements into the outboxes of companies, and sends the circulars that wait there at the pace that the sender is allowed. What there is
 * no time for waits for the next run.
 */
export const handler = asJob(
  control,
  'send-circulars',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }) =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const { awsRequestId: requestId } = context;
      const outboxOf = (tenantId: TenantId) => scopeOf({ tenantId, requestId })['tenant-circulars'].Control;
      const open = await openAnnouncements(control);
      for (const announcement of open) {
        if (announcement.state === 'waiting') await layDown(control, announcement, outboxOf);
      }
      const tally = await sendWaiting(requestId, () => context.getRemainingTimeInMillis() < 30_000);
      if (tally.failed + tally.left === 0) {
        // Those laid down just now may not be in the index yet, which says what waits: they are ended by the next run.
        for (const announcement of open) if (announcement.state === 'sending') await finish(control, announcement);
      }
      log.info('circulars sent', tally);
      return tally;
    }),
);
