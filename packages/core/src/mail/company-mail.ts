import { type MailKind as BillingKind, mailKinds as billingKinds } from '../billing/dunning.ts';
import { billingMail } from '../billing/mails.ts';
import type { Language } from '../tenant/language.ts';
import type { LifecycleKind, MailFacts, NoticeKind } from './kinds.ts';
import type { WrittenMail } from './letter.ts';
import { lifecycleMail } from './lifecycle-mails.ts';

/** The page of the site that each mail leads to. */
const pageOf = {
  welcome: '/dashboard',
  suspension: '/console',
  reactivation: '/dashboard',
  deactivation: '/settings',
  exportReady: '/exports',
  usageThreshold: '/usage',
  domainMissing: '/sso',
  domainLapsed: '/sso',
} as const satisfies Record<LifecycleKind, `/${string}`>;

const isBilling = (kind: NoticeKind): kind is BillingKind => billingKinds.some((one) => one === kind);

/** A mail that people of a company have to get, written for its reader. @param siteUrl without a slash at its end */
export function companyMail(
  { kind, facts }: { readonly kind: NoticeKind; readonly facts: MailFacts },
  { language, siteUrl }: { readonly language: Language; readonly siteUrl: string },
): WrittenMail {
  if (isBilling(kind)) return billingMail(kind, language, facts, `${siteUrl}/billing`);
  return lifecycleMail(kind, language, facts, `${siteUrl}${pageOf[kind]}`);
}
