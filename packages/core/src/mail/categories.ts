import * as z from 'zod';

/** Kinds of mails that people may unsubscribe from, each by itself. */
export const mailCategories = ['weeklyReport', 'announcements'] as const;
export type MailCategory = (typeof mailCategories)[number];
export const mailCategorySchema = z.enum(mailCategories);

/** The token of a mail by which its reader unsubscribes: characters that fit into a path and a header as they are. */
export const unsubscribeTokenPattern = /^[\w-]{1,200}\.[\w-]{43}$/;
