import type { Language } from '../tenant/language.ts';
import { minorDigits } from '../tier/price.ts';
import type { MailKind } from './dunning.ts';
import { type MailWords, mailWords } from './mail-words.ts';
import type { MailFacts } from './outbox.ts';
import { isCurrency } from './plan.ts';

const locales = { en: 'en-US', ko: 'ko-KR' } as const satisfies Record<Language, string>;

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

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
  const text = [...lines, `${button}: ${link}`, words.sign].join('\n\n');
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;background:#f5f5f3;font:16px/1.5 system-ui,sans-serif;color:#1c1c1a">',
    '<div style="max-width:34em;margin:0 auto;padding:24px;background:#fff;border-radius:12px">',
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<p><a href="${escapeHtml(link)}" style="display:inline-block;padding:10px 18px;background:#1c1c1a;color:#fff;border-radius:8px;text-decoration:none">${escapeHtml(button)}</a></p>`,
    `<p style="color:#6b6b66">${escapeHtml(words.sign)}</p>`,
    '</div></body></html>',
  ].join('\n');
  return { subject: subject.replace(/[\r\n]+/g, ' '), text, html };
}
