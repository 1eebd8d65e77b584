import { readOwners } from '@tenantry/core/billing/recipients';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { companyMail } from '@tenantry/core/mail/company-mail';
import type { OutgoingMail } from '@tenantry/core/mail/outbox';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from './environment.ts';
import { ownMailSender } from './mail.ts';

/** Sends the mails of the outbox to the owners of a company, in its language. */
export function companyMailer() {
  const { SITE_URL } = readEnvironment({ SITE_URL: required });
  const send = ownMailSender();
  return (control: Table, tenantId: TenantId) =>
    async (mail: OutgoingMail): Promise<void> => {
      const [{ language = 'en' }, to] = await Promise.all([
        loadTenant(control, tenantId),
        readOwners(control, tenantId),
      ]);
      if (to.length === 0) return;
      await send({ to, ...companyMail(mail, { language, siteUrl: SITE_URL }) });
    };
}
