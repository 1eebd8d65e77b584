import { type Language, useMessages } from './context.tsx';

/** The sentences of one area of the site, in each language; they are loaded with the area. */
export type AreaMessages<T> = Readonly<Record<Language, T>>;

/** Puts the languages of an area side by side. What one of them lacks does not compile. */
export const defineMessages = <T>(en: T, ko: NoInfer<T>): AreaMessages<T> => ({ en, ko });

/** The area's sentences in the language of the page. */
export const useText = <T>(messages: AreaMessages<T>): T => messages[useMessages().language];
