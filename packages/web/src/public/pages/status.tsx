import { locales } from '../languages.ts';
import { Heading, Section } from '../parts/frame.tsx';
import { number } from '../prices.ts';
import type { PageProps } from '../props.ts';
import { historyOf } from '../status/history.ts';
import { incidents } from '../status/incidents.ts';

const HISTORY_DAYS = 90;

/** What each component is asked by, from the browser of whoever looks. */
const probes = { api: '/v1/health', catalogue: '/v1/tiers', reference: '/openapi.json', site: '/icon.svg' } as const;

export function StatusPage({ words, language, facts }: PageProps) {
  const said = words.status;
  const history = historyOf(incidents, facts.day, HISTORY_DAYS, new Date(`${facts.day}T23:59:59.000Z`));
  const format = new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const moment = (time: string): string => `${format.format(new Date(time))} UTC`;
  return (
    <>
      <Heading title={words.pages.status.title} lead={said.lead} />
      <Section id="now" title={said.now}>
        <ul
          data-up={said.up}
          data-down={said.down}
          data-checking={said.checking}
          className="divide-y divide-line rounded-xl border border-line bg-panel"
        >
          {(Object.keys(probes) as (keyof typeof probes)[]).map((component) => (
            <li
              key={component}
              data-probe={probes[component]}
              className="flex flex-wrap items-center justify-between gap-2 px-5 py-4"
            >
              <span className="font-medium">{said.components[component]}</span>
              <span data-state="" role="status" className="text-soft">
                {said.unknown}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="history" title={said.historyTitle}>
        <ol className="flex h-12 gap-px">
          {history.map(({ day, minutes }) => {
            const words = minutes > 0 ? said.dayBad(number(minutes, language)) : said.dayGood;
            return (
              <li
                key={day}
                className={`min-w-0 flex-1 rounded-sm ${minutes > 0 ? 'bg-bad' : 'bg-good'}`}
                title={`${day}: ${words}`}
              >
                <span className="sr-only">
                  {day}: {words}
                </span>
              </li>
            );
          })}
        </ol>
        <p className="text-sm text-soft">{said.historyNote(facts.day)}</p>
      </Section>
      <Section id="incidents" title={said.incidentsTitle}>
        {incidents.length === 0 && <p className="text-soft">{said.none}</p>}
        {incidents.map(({ from, to, impact, title, updates }) => (
          <article key={from} className="space-y-3 rounded-xl border border-line bg-panel p-5">
            <h3 className="text-lg">{title[language]}</h3>
            <p className="text-sm text-soft">
              {said.impact[impact]} · {moment(from)} – {to ? moment(to) : said.open}
            </p>
            <ol className="space-y-2">
              {updates.map(({ at, text }) => (
                <li key={at}>
                  <time dateTime={at} className="text-sm text-soft">
                    {moment(at)}
                  </time>
                  <p>{text[language]}</p>
                </li>
              ))}
            </ol>
          </article>
        ))}
      </Section>
    </>
  );
}
