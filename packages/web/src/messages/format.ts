import { useMemo } from 'react';
import { useMessages } from './context.tsx';

export interface Format {
  /** A share from 0 to 1, as per cent with at most one place behind the point. */
  readonly percent: (share: number) => string;
  /** The same with its sign. */
  readonly signedPercent: (share: number) => string;
  /** How long ago a time is, or how far ahead: `3 seconds ago`. */
  readonly ago: (time: string, now: number) => string;
  /** A day such as `2026-03-10`, short. */
  readonly day: (day: string) => string;
}

const steps = [
  ['second', 1, 60],
  ['minute', 60, 60],
  ['hour', 3600, 24],
  ['day', 86_400, Number.POSITIVE_INFINITY],
] as const;

/** How the language of the page writes shares and stretches of time. */
export function useFormat(): Format {
  const { language } = useMessages();
  return useMemo(() => {
    const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
    const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    const signed = new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    });
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    return {
      percent: (share) => percent.format(share),
      signedPercent: (share) => signed.format(share),
      day: (text) => day.format(new Date(text)),
      ago(time, now) {
        const seconds = (Date.parse(time) - now) / 1000;
        for (const [unit, size, most] of steps) {
          const amount = Math.round(seconds / size);
          if (Math.abs(amount) < most) return relative.format(amount, unit);
        }
        return relative.format(0, 'second');
      },
    };
  }, [language]);
}
