import { writeLetter } from '../mail/letter.ts';
import type { Language } from '../tenant/language.ts';
import { minorDigits } from '../tier/price.ts';
import type { MailKind } from './dunning.ts';
import { type MailWords, mailWords } from './mail-words.ts';
import type { MailFacts } from './outbox.ts';
import { isCurrency } from './plan.ts';

const locales = { en: 'en-US', ko: 'ko-KR' } as const satisfies Record<Language, string>;

/** Minor units as people write them. */
export function moneyWords(amount: number, currency: string, language: Language): string {
  const digits = isCurrency(currency) ? minorDigits[currency] : 2;
  return new Intl.NumberFormat(locales[language], { style: 'currency', currency: currency.toUpperCase() }).format(
    amount / 10 ** digits,
  );
}

/** Days are those of UTC, as deadlines are. */
const dayWords = (time: string, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(time));

/**
 * A mail about a company's billing, as text and as a page. Everything that comes from the company is escaped.
 * @param link the page of the site where the billing is put right
 */
export function billingMail(
  kind: MailKind,
  language: Language,
  facts: MailFacts,
  link: string,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const words: MailWords = mailWords[language];
  const { subject, lines, button } = words[kind]({
    company: facts.company,
    amount: facts.amount !== undefined && facts.currency ? moneyWords(facts.amount, facts.currency, language) : '',
    suspendsOn: facts.suspendsAt ? dayWords(facts.suspendsAt, language) : '',
    deactivatesOn: facts.deactivatesAt ? dayWords(facts.deactivatesAt, language) : '',
    trialEndsOn: facts.trialEnd ? dayWords(facts.trialEnd, language) : '',
  });
  return writeLetter({ subject, lines, button, sign: words.sign }, language, link);
}
