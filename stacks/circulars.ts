import { createFunction } from './function.ts';
import type { MailFrom } from './mail.ts';
import type { Schedule } from './schedule.ts';
import type { Storage } from './storage.ts';

/** Mails that go to many companies: what is put into their outboxes by the clock, and their sending. */
export function createCirculars(options: {
  storage: Storage;
  mail: MailFrom;
  siteUrl: $util.Input<string>;
  schedule: Schedule;
}) {
  const { storage, mail, siteUrl, schedule } = options;
  const weeklyReport = createFunction('jobs/weekly-report', { storage, timeoutSeconds: 300 });
  const sending = createFunction('jobs/send-circulars', {
    storage,
    environment: { SITE_URL: siteUrl, ...mail.circulars },
    grants: [mail.sending],
    timeoutSeconds: 240,
  });
  schedule('weekly-report', weeklyReport);
  schedule('send-circulars', sending);
  return [weeklyReport, sending];
}
