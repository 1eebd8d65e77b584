import type { MailFacts } from '../mail/kinds.ts';
import { type WrittenMail, writeLetter } from '../mail/letter.ts';
import { simpleLetter } from '../mail/simple-letter.ts';
import { dayWords, moneyWords } from '../mail/words.ts';
import type { Language } from '../tenant/language.ts';
import type { MailKind } from './dunning.ts';
import { type MailWords, mailWords } from './mail-words.ts';

/**
 * A mail about a company's billing, as text and as a page. Everything that comes from the company is escaped.
 * @param link the page of the site where the billing is put right
 */
export function billingMail(kind: MailKind, language: Language, facts: MailFacts, link: string): WrittenMail {
  const words: MailWords = mailWords[language];
  const letter = words[kind]({
    company: facts.company,
    amount: facts.amount !== undefined && facts.currency ? moneyWords(facts.amount, facts.currency, language) : '',
    suspendsOn: facts.suspendsAt ? dayWords(facts.suspendsAt, language) : '',
    deactivatesOn: facts.deactivatesAt ? dayWords(facts.deactivatesAt, language) : '',
    trialEndsOn: facts.trialEnd ? dayWords(facts.trialEnd, language) : '',
  });
  return writeLetter(simpleLetter(letter, words.sign, link), language);
}
