import type { PublicWords } from './words/en.ts';
import { publicEn } from './words/en.ts';
import { publicKo } from './words/ko.ts';

/** The first is the one whose addresses name no language. */
export const publicLanguages = ['en', 'ko'] as const;
export type PublicLanguage = (typeof publicLanguages)[number];

export const languageNames = { en: 'English', ko: '한국어' } as const satisfies Record<PublicLanguage, string>;
export const locales = { en: 'en-GB', ko: 'ko-KR' } as const satisfies Record<PublicLanguage, string>;

export const publicWords = { en: publicEn, ko: publicKo } as const satisfies Record<PublicLanguage, PublicWords>;

/** The address of a page in a language. */
export const localPath = (path: string, language: PublicLanguage): string =>
  language === 'en' ? path : path === '/' ? `/${language}` : `/${language}${path}`;
