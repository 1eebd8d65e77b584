import type { PublicLanguage } from './addresses.ts';
import type { PublicWords } from './words/en.ts';
import { publicEn } from './words/en.ts';
import { publicKo } from './words/ko.ts';

export const languageNames = { en: 'English', ko: '한국어' } as const satisfies Record<PublicLanguage, string>;
export const locales = { en: 'en-US', ko: 'ko-KR' } as const satisfies Record<PublicLanguage, string>;

export const publicWords = { en: publicEn, ko: publicKo } as const satisfies Record<PublicLanguage, PublicWords>;
