import { billingMail } from '@tenantry/core/billing/mails';
import type { OutgoingMail } from '@tenantry/core/billing/outbox';
import { readOwners } from '@tenantry/core/billing/recipients';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { createMailSender } from '@tenantry/core/mail/ses';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { ownDynamo } from '../scoped/dynamo.ts';

/** Sends mails about billing to the owners of a company, in its language. */
export function billingMailer() {
  const { SITE_URL, MAIL_FROM, AWS_REGION, AWS_ENDPOINT_URL } = readEnvironment({
    SITE_URL: required,
    MAIL_FROM: required,
    AWS_REGION: required,
    AWS_ENDPOINT_URL: z.url().optional(),
  });
  const send = createMailSender({
    region: AWS_REGION,
    // The function's own role: only the address to send from is granted to it.
    credentials: ownDynamo().config.credentials,
    ...(AWS_ENDPOINT_URL ? { endpoint: AWS_ENDPOINT_URL } : {}),
  });
  return (control: Table, tenantId: TenantId) =>
    async (mail: OutgoingMail): Promise<void> => {
      const [{ language = 'en' }, to] = await Promise.all([
        loadTenant(control, tenantId),
        readOwners(control, tenantId),
      ]);
      if (to.length === 0) return;
      await send({ from: MAIL_FROM, to, ...billingMail(mail.kind, language, mail.facts, `${SITE_URL}/billing`) });
    };
}
