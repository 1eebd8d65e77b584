import { type MailKind as BillingKind, mailKinds as billingKinds } from '../billing/dunning.ts';
import { billingMail } from '../billing/mails.ts';
import type { Language } from '../tenant/language.ts';
import { type CompanyMailKind, type LifecycleKind, lifecycleKinds, type MailFacts } from './kinds.ts';
import type { WrittenMail } from './letter.ts';
import { lifecycleMail } from './lifecycle-mails.ts';
import { weeklyReportMail } from './weekly-report-mail.ts';

/** The page of the site that each mail leads to. */
const pageOf = {
  welcome: '/dashboard',
  suspension: '/console',
  reactivation: '/dashboard',
  deactivation: '/console',
  exportReady: '/dashboard',
} as const satisfies Record<LifecycleKind, `/${string}`>;

const isBilling = (kind: CompanyMailKind): kind is BillingKind => billingKinds.some((one) => one === kind);
const isLifecycle = (kind: CompanyMailKind): kind is LifecycleKind => lifecycleKinds.some((one) => one === kind);

/**
 * A mail to people of a company, written for its reader.
 * @param siteUrl without a slash at its end
 * @param unsubscribe where its reader switches mails of its kind off; for the weekly report alone
 */
export function companyMail(
  { kind, facts }: { readonly kind: CompanyMailKind; readonly facts: MailFacts },
  reader: { readonly language: Language; readonly siteUrl: string; readonly unsubscribe?: string },
): WrittenMail {
  const { language, siteUrl, unsubscribe = `${siteUrl}/dashboard` } = reader;
  if (isBilling(kind)) return billingMail(kind, language, facts, `${siteUrl}/billing`);
  if (isLifecycle(kind)) return lifecycleMail(kind, language, facts, `${siteUrl}${pageOf[kind]}`);
  const { company, week } = facts;
  if (!week) throw new Error('A weekly report needs its week.');
  return weeklyReportMail(language, { company, week }, { console: `${siteUrl}/dashboard`, unsubscribe });
}
