import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { en, type Messages } from './en.ts';
import { ko } from './ko.ts';

export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

const catalogues: Readonly<Record<Language, Messages>> = { en, ko };
const STORED = 'tenantry.language';

interface Localised {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly t: Messages;
  readonly number: (value: number) => string;
  readonly money: (amount: number, currency: string) => string;
  readonly date: (time: string) => string;
  readonly time: (time: string) => string;
}

const Context = createContext<Localised | undefined>(undefined);

const firstLanguage = (): Language => {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'ko') return stored;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
};

/** The language of the site and how it writes numbers, money and times. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    localStorage.setItem(STORED, language);
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo((): Localised => {
    const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
    return {
      language,
      setLanguage,
      t: catalogues[language],
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
    };
  }, [language]);
  return <Context value={value}>{children}</Context>;
}

export function useMessages(): Localised {
  const value = use(Context);
  if (!value) throw new Error('LanguageProvider is missing.');
  return value;
}
