import * as z from 'zod';

/** Languages in which the product speaks to companies. */
export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
export const languageSchema = z.enum(languages);
