import { clickRate, type WeeklyReport, type WeekTotals } from '../report/weekly-report.ts';
import type { Language } from '../tenant/language.ts';
import type { Bars, Figure, Letter } from './letter.ts';
import { changeWords, dayWords, moneyWords, numberWords, percentWords, weekdayWords } from './words.ts';

interface Words {
  readonly subject: (company: string) => string;
  readonly opening: (company: string, first: string, last: string) => string;
  readonly figures: Readonly<Record<'events' | 'recommendations' | 'clickRate' | 'revenue', string>>;
  /** @param change such as `+12%`; undefined where there was nothing to compare with */
  readonly note: (before: string, change: string | undefined) => string;
  readonly chart: string;
  readonly legend: { readonly main: string; readonly other: string };
  readonly meaning: string;
  readonly button: string;
  readonly reason: string;
  readonly leave: string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    subject: (company) => `${company}: your week`,
    opening: (company, first, last) => `What ${company} did from ${first} to ${last} (UTC), beside the week before.`,
    figures: {
      events: 'Events',
      recommendations: 'Recommendations',
      clickRate: 'Lists clicked in',
      revenue: 'Revenue after a click',
    },
    note: (before, change) => `${change ? `${change}, ` : ''}${before} the week before`,
    chart: 'Events by day',
    legend: { main: 'This week', other: 'The week before' },
    meaning:
      'Revenue is what shoppers bought within seven days after they clicked it in a list, at the prices of your catalogue.',
    button: 'See the performance',
    reason: 'You get this mail each week because you are an owner or an administrator of the company at Tenantry.',
    leave: 'Unsubscribe from weekly reports',
  },
  ko: {
    subject: (company) => `${company}의 주간 보고서`,
    opening: (company, first, last) =>
      `${first}부터 ${last}까지(UTC) ${company}의 실적을 지난주와 비교해 보여 드립니다.`,
    figures: {
      events: '이벤트',
      recommendations: '추천',
      clickRate: '클릭된 추천 목록',
      revenue: '클릭 후 매출',
    },
    note: (before, change) => `지난주 ${before}${change ? `, ${change}` : ''}`,
    chart: '일별 이벤트',
    legend: { main: '이번 주', other: '지난주' },
    meaning: '매출은 추천 목록에서 상품을 클릭한 고객이 7일 안에 구매한 금액이며, 카탈로그의 가격을 기준으로 합니다.',
    button: '성과 보기',
    reason: 'Tenantry에 등록된 회사의 소유자 또는 관리자에게 매주 보내는 메일입니다.',
    leave: '주간 보고서 수신 거부',
  },
};

const NOTHING = '–';

function revenueWords(revenue: WeekTotals['revenue'], language: Language): string {
  const amounts = Object.entries(revenue).map(([currency, amount]) => moneyWords(amount, currency, language));
  return amounts.length === 0 ? NOTHING : amounts.join(' + ');
}

/** How revenue changed; undefined where it came in several currencies, which cannot be added. */
function revenueChange(now: WeekTotals['revenue'], before: WeekTotals['revenue'], language: Language) {
  const [[currency = '', amount = 0] = [], ...others] = Object.entries(now);
  const known = Object.keys(before).every((one) => one === currency);
  return others.length === 0 && known ? changeWords(amount, before[currency] ?? 0, language) : undefined;
}

function figuresOf({ totals, before }: WeeklyReport, language: Language): readonly Figure[] {
  const { figures, note } = words[language];
  const counted = (label: string, now: number, earlier: number): Figure => ({
    label,
    value: numberWords(now, language),
    note: note(numberWords(earlier, language), changeWords(now, earlier, language)),
  });
  const rate = (of: WeekTotals): string => {
    const share = clickRate(of);
    return share === undefined ? NOTHING : percentWords(share, language);
  };
  return [
    counted(figures.events, totals.events, before.events),
    counted(figures.recommendations, totals.recommendations, before.recommendations),
    { label: figures.clickRate, value: rate(totals), note: note(rate(before), undefined) },
    {
      label: figures.revenue,
      value: revenueWords(totals.revenue, language),
      note: note(revenueWords(before.revenue, language), revenueChange(totals.revenue, before.revenue, language)),
    },
  ];
}

function barsOf({ days }: WeeklyReport, language: Language): readonly Bars[] {
  const longest = Math.max(1, ...days.flatMap(({ events, before }) => [events, before]));
  return days.map(({ day, events, before }) => ({
    label: weekdayWords(day, language),
    main: numberWords(events, language),
    other: numberWords(before, language),
    mainShare: events / longest,
    otherShare: before / longest,
  }));
}

/** The report of a week. @param links where the figures are looked at, and where the reader unsubscribes */
export function weeklyLetter(
  language: Language,
  { company, report }: { readonly company: string; readonly report: WeeklyReport },
  links: { readonly page: string; readonly leave: string },
): Letter {
  const { subject, opening, chart, legend, meaning, button, reason, leave } = words[language];
  return {
    subject: subject(company),
    preheader: opening(company, dayWords(report.first, language), dayWords(report.last, language)),
    blocks: [
      { kind: 'text', text: opening(company, dayWords(report.first, language), dayWords(report.last, language)) },
      { kind: 'figures', items: figuresOf(report, language) },
      { kind: 'bars', title: chart, legend, rows: barsOf(report, language) },
      { kind: 'text', text: meaning },
      { kind: 'button', label: button, href: links.page },
    ],
    reason,
    leave: { label: leave, href: links.leave },
  };
}
