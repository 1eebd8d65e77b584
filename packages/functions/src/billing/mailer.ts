import { billingMail } from '@tenantry/core/billing/mails';
import type { OutgoingMail } from '@tenantry/core/billing/outbox';
import { readOwners } from '@tenantry/core/billing/recipients';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { ownMailSender } from '../mail.ts';

/** Sends mails about billing to the owners of a company, in its language. */
export function billingMailer() {
  const { SITE_URL } = readEnvironment({ SITE_URL: required });
  const send = ownMailSender();
  return (control: Table, tenantId: TenantId) =>
    async (mail: OutgoingMail): Promise<void> => {
      const [{ language = 'en' }, to] = await Promise.all([
        loadTenant(control, tenantId),
        readOwners(control, tenantId),
      ]);
      if (to.length === 0) return;
      await send({ to, ...billingMail(mail.kind, language, mail.facts, `${SITE_URL}/billing`) });
    };
}
