/** The first is the one whose addresses name no language. */
export const publicLanguages = ['en', 'ko'] as const;
export type PublicLanguage = (typeof publicLanguages)[number];

/** The address of a page in a language. */
export const localPath = (path: string, language: PublicLanguage): string =>
  language === 'en' ? path : path === '/' ? `/${language}` : `/${language}${path}`;
