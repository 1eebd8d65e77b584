import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { companyMail } from '@tenantry/core/mail/company-mail';
import { isCircular } from '@tenantry/core/mail/kinds';
import type { Mailer } from '@tenantry/core/mail/outbox';
import { readRecipients, rolesToldOf } from '@tenantry/core/mail/recipients';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from './environment.ts';
import { ownMailSender } from './mail.ts';

/**
 * Sends the mails of the outbox to the people of a company whom they concern, to each in their own language, or else in the company's.
 * @param people what people want of mails, by the function's own role
 */
export function companyMailer(people: Table) {
  const { SITE_URL } = readEnvironment({ SITE_URL: required });
  const send = ownMailSender();
  return (registry: Table, tenantId: TenantId): Mailer => ({
    sort: 'notices',
    recipients: ({ kind }) => readRecipients({ registry, people }, tenantId, rolesToldOf(kind)),
    send: async ({ kind, facts }, { email, preferences }) => {
      if (isCircular(kind)) throw new Error(`A ${kind} is no notice.`);
      const { language = 'en' } = await loadTenant(registry, tenantId);
      const written = companyMail({ kind, facts }, { language: preferences.language ?? language, siteUrl: SITE_URL });
      await send({ to: [email], ...written });
    },
  });
}
