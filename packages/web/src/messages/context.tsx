import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import type { Messages } from './en.ts';

export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

/** A page loads the language that it speaks, and another one when it is chosen. */
const catalogues: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  ko: async () => (await import('./ko.ts')).ko,
};
const STORED = 'tenantry.language';

interface Localised {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly t: Messages;
  readonly number: (value: number) => string;
  readonly money: (amount: number, currency: string) => string;
  readonly date: (time: string) => string;
  readonly time: (time: string) => string;
  /** A time of day to the second. */
  readonly clock: (time: string) => string;
}

const Context = createContext<Localised | undefined>(undefined);

const firstLanguage = (): Language => {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'ko') return stored;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
};

/** A language with its sentences. */
interface Spoken {
  readonly language: Language;
  readonly t: Messages;
}

const loadLanguage = async (language: Language): Promise<Spoken> => ({ language, t: await catalogues[language]() });

/** The language that was chosen, else the browser's. */
export const loadFirstLanguage = (): Promise<Spoken> => loadLanguage(firstLanguage());

/** The language of the site and how it writes numbers, money and times. */
export function LanguageProvider({ first, children }: { readonly first: Spoken; readonly children: ReactNode }) {
  const [{ language, t }, setSpoken] = useState(first);
  useEffect(() => {
    localStorage.setItem(STORED, language);
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo((): Localised => {
    const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
    return {
      language,
      setLanguage: (chosen) => void loadLanguage(chosen).then(setSpoken),
      t,
      number: (amount) => new Intl.NumberFormat(locale).format(amount),
      money: (amount, currency) => {
        const format = new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          trailingZeroDisplay: 'stripIfInteger',
        });
        return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
      },
      date: (time) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(time)),
      time: (time) => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(time)),
      clock: (time) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(time)),
    };
  }, [language, t]);
  return <Context value={value}>{children}</Context>;
}

export function useMessages(): Localised {
  const value = use(Context);
  if (!value) throw new Error('LanguageProvider is missing.');
  return value;
}
