import { mailKinds } from '../billing/dunning.ts';
import type { Language } from '../tenant/language.ts';
import { circularMail } from './circular-mail.ts';
import { codeMail, codePurposes } from './code-mail.ts';
import { companyMail } from './company-mail.ts';
import { invitationMail } from './invitation-mail.ts';
import { circularKinds, lifecycleKinds, type MailFacts } from './kinds.ts';
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
  usage: {
    meter: 'recommendations_served',
    threshold: 80,
    used: 812_400,
    included: 1_000_000,
    until: '2026-12-14T00:00:00.000Z',
  },
  announcement: {
    subject: { en: 'Maintenance on 12 December', ko: '12월 12일 점검 안내' },
    body: {
      en: 'We move the database on **12 December, 02:00 UTC**. Shops get their lists all the while.\n\n- The console is read only for ten minutes.\n- Events are taken as always.\n\nMore is on the [status page](https://status.example.com).',
      ko: '**12월 12일 02:00(UTC)** 에 데이터베이스를 이전합니다. 추천은 계속 제공됩니다.\n\n- 콘솔은 10분 동안 읽기만 가능합니다.\n- 이벤트는 평소와 같이 수집합니다.\n\n자세한 내용은 [상태 페이지](https://status.example.com)에서 확인하세요.',
    },
  },
  report: {
    week: '2026-W48',
    first: '2026-11-23',
    last: '2026-11-29',
    totals: {
      events: 18_422,
      recommendations: 6190,
      impressions: 5820,
      clickedLists: 611,
      revenue: { usd: 1_284_050 },
    },
    before: {
      events: 16_030,
      recommendations: 5544,
      impressions: 5101,
      clickedLists: 480,
      revenue: { usd: 1_102_000 },
    },
    days: [2410, 2204, 2350, 2688, 3120, 3350, 2300].map((events, index) => ({
      day: `2026-11-${23 + index}`,
      events,
      before: [2300, 2240, 2110, 2200, 2500, 2680, 2000][index] ?? 0,
    })),
  },
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
    ...circularKinds.map((kind) => ({
      name: kind,
      write: (language: Language) =>
        circularMail({ kind, facts: shown }, { language, siteUrl: site, leave: `${site}/unsubscribe#sample` }),
    })),
    ...[...lifecycleKinds, ...mailKinds].map((kind) => ({
      name: kind,
      write: (language: Language) => companyMail({ kind, facts: shown }, { language, siteUrl: site }),
    })),
  ];
};
