import {
  type Announcement,
  countReached,
  isAnnouncementId,
  listAnnouncements,
  placeAnnouncement,
} from '@tenantry/core/announcement/announcement';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { findUser } from '@tenantry/core/identity/user';
import { announcementLetter } from '@tenantry/core/mail/announcement-mail';
import { writeLetter } from '@tenantry/core/mail/letter';
import { readEnvironment, required } from '../environment.ts';
import { ownMailSender } from '../mail.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const { Control: control, Audit: audit } = ownTables('api/announcements');
const send = ownMailSender();

const SHOWN = 30;

async function view(announcement: Announcement) {
  const { companies = null, reached } = announcement;
  // While it is being sent, what companies have it is counted anew.
  const counted = announcement.state === 'sending' ? await countReached(control, announcement.id) : (reached ?? 0);
  return { ...announcement, companies, reached: counted };
}

export const handler = createApi('announcements', undefined, {
  listAnnouncements: async () => ({
    announcements: await Promise.all((await listAnnouncements(control, SHOWN)).map(view)),
  }),
  sendAnnouncement: async ({ params: { announcementId }, body, actor, now }) => {
    if (!isAnnouncementId(announcementId)) throw new Error('The contract lets no other id through.');
    const tables = { control, auditTable: audit.name };
    return view(await placeAnnouncement(tables, announcementId, body, { actor, at: now }));
  },
  testAnnouncement: async ({ body: { language, ...text }, actor }) => {
    const user = await findUser(control, actor.sub);
    if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
    const written = writeLetter(announcementLetter(language, text, `${SITE_URL}/account`), language);
    try {
      await send({ to: [user.email], ...written });
    } catch (cause) {
      throw new DomainError('unavailable', 'The mail could not be sent; try again.', { cause });
    }
    return { to: user.email };
  },
});
