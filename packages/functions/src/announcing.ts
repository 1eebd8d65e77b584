import {
  type Announcement,
  countReached,
  isAddressed,
  isAnnouncementId,
  listAnnouncements,
  moveAnnouncement,
  noteReached,
} from '@tenantry/core/announcement/announcement';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { announce, type OutgoingMail } from '@tenantry/core/mail/outbox';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import { servedStatuses } from '@tenantry/core/tenant/status';

/** More than are ever under way. */
const LOOKED_AT = 100;
const KEY = 'announcement#';

const keyOf = ({ id }: Announcement): string => `${KEY}${id}`;

/** Announcements of which something is to be done. */
export async function openAnnouncements(control: Table): Promise<readonly Announcement[]> {
  return (await listAnnouncements(control, LOOKED_AT)).filter(({ state }) => state !== 'sent');
}

/**
 * Lays an announcement into the outbox of each company that it goes to, once, also when this is done again.
 * @param outboxOf the company's own, with its credentials
 */
export async function layDown(
  control: Table,
  announcement: Announcement,
  outboxOf: (tenantId: TenantId) => Table,
): Promise<void> {
  const { subject, body, sentAt } = announcement;
  let companies = 0;
  for await (const tenant of tenantsIn(control, servedStatuses)) {
    if (!isAddressed(announcement, tenant)) continue;
    companies += 1;
    await announce(outboxOf(tenant.tenantId), tenant.tenantId, {
      key: keyOf(announcement),
      kind: 'announcement',
      facts: { company: tenant.name, announcement: { subject, body } },
      createdAt: sentAt,
    });
  }
  await moveAnnouncement(control, announcement.id, { state: 'sending', companies });
}

/** Notes that everybody of a company has a mail, when that is an announcement. */
export async function noteSent(control: Table, tenantId: TenantId, { key }: OutgoingMail): Promise<void> {
  const id = key.slice(KEY.length);
  if (key.startsWith(KEY) && isAnnouncementId(id)) await noteReached(control, id, tenantId, new Date());
}

/** Ends an announcement that waits for nobody any more; companies that left in between never had it. */
export const finish = async (control: Table, { id }: Announcement): Promise<void> =>
  moveAnnouncement(control, id, { state: 'sent', reached: await countReached(control, id) });
