import type { Language } from '../tenant/language.ts';
import { announcementLetter } from './announcement-mail.ts';
import type { MailCategory } from './categories.ts';
import type { CircularKind, MailFacts } from './kinds.ts';
import { type Letter, type WrittenMail, writeLetter } from './letter.ts';
import { weeklyLetter } from './weekly-mail.ts';

/** What a circular belongs to, which its readers may unsubscribe from. */
export const categoryOf = {
  weeklyReport: 'weeklyReport',
  announcement: 'announcements',
} as const satisfies Record<CircularKind, MailCategory>;

interface Links {
  /** Of the site, without a slash at its end. */
  readonly siteUrl: string;
  /** Where the reader unsubscribes. */
  readonly leave: string;
}

const letters: Readonly<Record<CircularKind, (facts: MailFacts, language: Language, links: Links) => Letter>> = {
  weeklyReport: ({ company, report }, language, { siteUrl, leave }) => {
    if (!report) throw new Error('A weekly report has no figures.');
    return weeklyLetter(language, { company, report }, { page: `${siteUrl}/performance`, leave });
  },
  announcement: ({ announcement }, language, { leave }) => {
    if (!announcement) throw new Error('An announcement has no text.');
    return announcementLetter(language, announcement, leave);
  },
};

/** A mail that its readers may do without, written for one of them. */
export const circularMail = (
  { kind, facts }: { readonly kind: CircularKind; readonly facts: MailFacts },
  { language, ...links }: Links & { readonly language: Language },
): WrittenMail => writeLetter(letters[kind](facts, language, links), language);
