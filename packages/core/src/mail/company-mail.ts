import { type MailKind as BillingKind, mailKinds as billingKinds } from '../billing/dunning.ts';
import { billingMail } from '../billing/mails.ts';
import type { Language } from '../tenant/language.ts';
import type { CompanyMailKind, LifecycleKind, MailFacts } from './kinds.ts';
import type { WrittenMail } from './letter.ts';
import { lifecycleMail } from './lifecycle-mails.ts';

/** The page of the site that each mail leads to. */
const pageOf = {
  welcome: '/dashboard',
  suspension: '/console',
  reactivation: '/dashboard',
  deactivation: '/settings',
  exportReady: '/exports',
  domainMissing: '/sso',
  domainLapsed: '/sso',
} as const satisfies Record<LifecycleKind, `/${string}`>;

const isBilling = (kind: CompanyMailKind): kind is BillingKind => billingKinds.some((one) => one === kind);

/** A mail to people of a company, written for its reader. @param siteUrl without a slash at its end */
export function companyMail(
  { kind, facts }: { readonly kind: CompanyMailKind; readonly facts: MailFacts },
  { language, siteUrl }: { readonly language: Language; readonly siteUrl: string },
): WrittenMail {
  if (isBilling(kind)) return billingMail(kind, language, facts, `${siteUrl}/billing`);
  return lifecycleMail(kind, language, facts, `${siteUrl}${pageOf[kind]}`);
}
