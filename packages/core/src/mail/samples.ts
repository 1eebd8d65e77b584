import { mailKinds } from '../billing/dunning.ts';
import type { Language } from '../tenant/language.ts';
import { codeMail, codePurposes } from './code-mail.ts';
import { companyMail } from './company-mail.ts';
import { invitationMail } from './invitation-mail.ts';
import { lifecycleKinds, type MailFacts } from './kinds.ts';
import type { WrittenMail } from './letter.ts';
import { webhookOffMail } from './webhook-off-mail.ts';

/** A mail with facts made up, so that it can be looked at without its occasion. */
export interface MailSample {
  /** Part of an address. */
  readonly name: string;
  readonly write: (language: Language) => WrittenMail;
}

const facts: MailFacts = {
  company: 'Green Shop',
  amount: 49_900,
  currency: 'usd',
  suspendsAt: '2026-12-10T00:00:00.000Z',
  deactivatesAt: '2026-12-30T00:00:00.000Z',
  trialEnd: '2026-12-14T00:00:00.000Z',
  until: '2026-12-03T09:30:00.000Z',
  domain: 'greenshop.example',
  files: 12,
  bytes: 48_210_334,
};

const siteUrl = 'https://app.example.com';

/** Every mail that the product sends. @param given facts in place of the sample's own */
export const mailSamples = (given: Partial<MailFacts> = {}, site = siteUrl): readonly MailSample[] => {
  const shown = { ...facts, ...given };
  return [
    ...codePurposes.map((purpose) => ({
      name: purpose,
      write: (language: Language) =>
        codeMail(purpose, language, {
          code: purpose === 'temporaryPassword' ? 'Spring-4821-rain' : '482193',
          account: 'jamie@example.com',
        }),
    })),
    {
      name: 'invitation',
      write: (language) =>
        invitationMail(
          language,
          { company: shown.company, role: 'admin', expiresAt: Date.parse('2026-12-07T12:00:00.000Z') / 1000 },
          `${site}/invitation#inv_sample`,
        ),
    },
    {
      name: 'webhook-off',
      write: (language) =>
        webhookOffMail(
          language,
          { url: 'https://shop.example.com/hooks', off: { reason: 'failing' } },
          `${site}/settings/webhooks`,
        ),
    },
    ...[...lifecycleKinds, ...mailKinds].map((kind) => ({
      name: kind,
      write: (language: Language) => companyMail({ kind, facts: shown }, { language, siteUrl: site }),
    })),
  ];
};
