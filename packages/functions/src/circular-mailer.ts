import { setTimeout as wait } from 'node:timers/promises';
import type { Table } from '@tenantry/core/control/table';
import { wants } from '@tenantry/core/identity/mail-preferences';
import type { TenantId } from '@tenantry/core/ids/id';
import { categoryOf, circularMail } from '@tenantry/core/mail/circular-mail';
import { isCircular } from '@tenantry/core/mail/kinds';
import type { Mailer } from '@tenantry/core/mail/outbox';
import { administrators, readRecipients } from '@tenantry/core/mail/recipients';
import { createUnsubscribeTokens } from '@tenantry/core/mail/unsubscribe-token';
import { servedStatuses } from '@tenantry/core/tenant/status';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment, required } from './environment.ts';
import { ownMailSender } from './mail.ts';

/** Lets calls through one after the other, and no more of them in a second than this. */
function createPace(perSecond: number): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = Date.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / perSecond;
    if (at > now) await wait(at - now);
  };
}

/**
 * Sends mails that people may do without to those owners and administrators of a company who do not, each in their own language and with a way to
 * unsubscribe that needs no sign-in: a link for people, and headers for their mail programs (RFC 8058).
 * @param people what people want of mails, by the function's own role
 */
export function circularMailer(people: Table) {
  const { SITE_URL, MAIL_KEY, MAILS_PER_SECOND } = readEnvironment({
    SITE_URL: required,
    MAIL_KEY: required,
    MAILS_PER_SECOND: z.coerce.number().positive(),
  });
  const tokens = createUnsubscribeTokens(MAIL_KEY);
  const send = ownMailSender();
  const pace = createPace(MAILS_PER_SECOND);
  return (registry: Table, tenantId: TenantId): Mailer => ({
    sort: 'circulars',
    async recipients({ kind }) {
      const { status } = await loadTenant(registry, tenantId);
      if (!isCircular(kind) || !(servedStatuses as readonly string[]).includes(status)) return [];
      const recipients = await readRecipients({ registry, people }, tenantId, administrators);
      return recipients.filter(({ preferences }) => wants(preferences, categoryOf[kind]));
    },
    async send({ kind, facts }, { sub, email, preferences }) {
      if (!isCircular(kind)) throw new Error(`A ${kind} is no circular.`);
      const { language = 'en' } = await loadTenant(registry, tenantId);
      const token = tokens.issue({ sub, category: categoryOf[kind] });
      const written = circularMail(
        { kind, facts },
        { language: preferences.language ?? language, siteUrl: SITE_URL, leave: `${SITE_URL}/unsubscribe#${token}` },
      );
      await pace();
      await send({
        to: [email],
        ...written,
        headers: {
          'List-Unsubscribe': `<${SITE_URL}/v1/mails/unsubscribe/${token}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      });
    },
  });
}
