import type { Language } from '../tenant/language.ts';
import { type Bar, type Letter, type WrittenMail, writeLetter } from './letter.ts';
import type { Week, WeekTotals } from './week.ts';
import { dayWords, numberWords, shareWords } from './words.ts';

interface Words {
  readonly subject: (company: string, from: string, to: string) => string;
  readonly preheader: (events: string, rate: string) => string;
  readonly quiet: string;
  readonly events: string;
  readonly shown: string;
  readonly clickThrough: string;
  readonly purchases: string;
  readonly byDay: string;
  readonly days: readonly [string, string, string, string, string, string, string];
  readonly same: string;
  readonly none: string;
  readonly change: (share: string, up: boolean) => string;
  readonly button: string;
  readonly reason: string;
  readonly unsubscribe: string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    subject: (company, from, to) => `The week of ${company}: ${from} to ${to}`,
    preheader: (events, rate) => `${events} events; something was clicked in ${rate} of the lists that shoppers saw.`,
    quiet: 'Nothing arrived in this week. If you expected something, look whether the snippet is still in your pages.',
    events: 'Events',
    shown: 'Lists shown',
    clickThrough: 'Lists with a click',
    purchases: 'Purchases after a click',
    byDay: 'Events by day',
    days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    same: 'as in the week before',
    none: 'nothing in the week before',
    change: (share, up) => `${share} ${up ? 'more' : 'less'} than in the week before`,
    button: 'See it in the console',
    reason: 'You get this mail every Monday because you are an owner or admin of the company at Tenantry.',
    unsubscribe: 'Stop the weekly report',
  },
  ko: {
    subject: (company, from, to) => `${company}의 주간 보고서: ${from} ~ ${to}`,
    preheader: (events, rate) => `이벤트 ${events}건, 쇼핑객이 본 추천 목록의 ${rate}에서 클릭이 있었습니다.`,
    quiet: '이번 주에는 도착한 이벤트가 없습니다. 예상과 다르다면 쇼핑몰 페이지에 코드가 남아 있는지 확인해 주세요.',
    events: '이벤트',
    shown: '노출된 추천 목록',
    clickThrough: '클릭이 있었던 목록',
    purchases: '클릭 후 구매',
    byDay: '요일별 이벤트',
    days: ['월', '화', '수', '목', '금', '토', '일'],
    same: '지난주와 같음',
    none: '지난주 기록 없음',
    change: (share, up) => `지난주보다 ${share} ${up ? '증가' : '감소'}`,
    button: '콘솔에서 보기',
    reason: 'Tenantry에서 이 회사의 소유자 또는 관리자이므로 매주 월요일에 이 메일을 받으십니다.',
    unsubscribe: '주간 보고서 받지 않기',
  },
};

const rateOf = ({ shown, clicked }: WeekTotals): number => (shown > 0 ? clicked / shown : 0);

function changeWords(now: number, before: number, language: Language): string {
  const { same, none, change } = words[language];
  if (now === before) return same;
  if (before === 0) return none;
  return change(shareWords(Math.abs(now - before) / before, language), now > before);
}

/**
 * What a company's recommender did in a week, beside the week before.
 * @param links.console where the reader sees more @param links.unsubscribe where the reader switches it off
 */
export function weeklyReportMail(
  language: Language,
  { company, week }: { readonly company: string; readonly week: Week },
  links: { readonly console: string; readonly unsubscribe: string },
): WrittenMail {
  const said = words[language];
  const { total, before, days } = week;
  const number = (value: number): string => numberWords(value, language);
  const day = (index: number): string => dayWords(days[index]?.day ?? '', language);
  const bars = days.map(
    ({ events }, index): Bar => ({ label: said.days[index] ?? '', value: events, words: number(events) }),
  );
  const figures = [
    [said.events, number(total.events), total.events, before.events],
    [said.shown, number(total.shown), total.shown, before.shown],
    [said.clickThrough, shareWords(rateOf(total), language), rateOf(total), rateOf(before)],
    [said.purchases, number(total.purchases), total.purchases, before.purchases],
  ] as const;
  const letter: Letter = {
    subject: said.subject(company, day(0), day(6)),
    preheader:
      total.events > 0 ? said.preheader(number(total.events), shareWords(rateOf(total), language)) : said.quiet,
    blocks: [
      ...(total.events > 0 ? [] : [{ kind: 'text', text: said.quiet } as const]),
      {
        kind: 'figures',
        rows: figures.map(([name, shown, now, then]) => ({
          name,
          words: shown,
          change: changeWords(now, then, language),
        })),
      },
      { kind: 'bars', caption: said.byDay, bars },
      { kind: 'button', label: said.button, href: links.console },
    ],
    reason: said.reason,
    unsubscribe: { label: said.unsubscribe, href: links.unsubscribe },
  };
  return writeLetter(letter, language);
}
