import type { ReactNode } from 'react';
import { ScrollArea } from '../../parts/scroll-area.tsx';
import { ActionLink, Heading, Section } from '../parts/frame.tsx';
import { choices, currencies, firstCurrency, intervals, money, number } from '../prices.ts';
import type { PageProps, TierView } from '../props.ts';

type Meter = keyof TierView['usage'];
type Limit = keyof TierView['limits'];

/** For how many units a price is readable. */
const priced: Readonly<Record<Meter, number>> = {
  events_collected: 1_000_000,
  recommendations_served: 1_000_000,
  silo_hours: 1,
  training_minutes: 1,
  storage_gb_hours: 1000,
};

/** One thing for each way to pay, of which the style sheet shows the one that is chosen, without a script. */
const Chosen = ({ children }: { readonly children: (choice: (typeof choices)[number]) => ReactNode }) =>
  choices.map((choice) => (
    <span
      key={`${choice.interval} ${choice.currency}`}
      className={`choice choice-${choice.interval}-${choice.currency}`}
    >
      {children(choice)}
    </span>
  ));

function Options({
  legend,
  name,
  options,
  first,
}: {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly (readonly [string, string])[];
  readonly first: string;
}) {
  return (
    <fieldset className="space-y-1">
      <legend className="text-sm text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-1 rounded-lg border border-line bg-panel p-1">
        {options.map(([value, label]) => (
          <label
            key={value}
            className="option relative inline-flex min-h-11 cursor-pointer items-center rounded-md px-3"
          >
            <input
              type="radio"
              name={name}
              value={value}
              id={`${name}-${value}`}
              defaultChecked={value === first}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const head = 'py-3 pr-4 font-semibold';

function CompareTable({
  tiers,
  caption,
  rows,
  feature,
}: {
  readonly tiers: readonly TierView[];
  readonly caption: string;
  readonly feature: string;
  readonly rows: readonly { readonly title: string; readonly cell: (tier: TierView) => ReactNode }[];
}) {
  return (
    <ScrollArea label={caption}>
      <table className="w-full min-w-2xl text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className={head}>
              {feature}
            </th>
            {tiers.map(({ name, title }) => (
              <th key={name} scope="col" className={head}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, cell }) => (
            <tr key={title} className="border-b border-line align-top">
              <th scope="row" className="py-3 pr-4 font-normal">
                {title}
              </th>
              {tiers.map((tier) => (
                <td key={tier.name} className="py-3 pr-4">
                  {cell(tier)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

export function PricingPage({ words, language, facts }: PageProps) {
  const said = words.pricing;
  const { tiers } = facts;
  return (
    <>
      <Heading title={words.pages.pricing.title} lead={said.lead} />
      <div className="mb-6 flex flex-wrap gap-4">
        <Options
          legend={said.interval}
          name="interval"
          options={intervals.map((one) => [one, said.intervals[one]])}
          first="month"
        />
        <Options
          legend={said.currency}
          name="currency"
          options={currencies.map((one) => [one, one.toUpperCase()])}
          first={firstCurrency[language]}
        />
      </div>
      <div className="grid gap-4 md:grid-cols-3">
        {tiers.map((tier) => (
          <article key={tier.name} className="flex flex-col gap-4 rounded-xl border border-line bg-panel p-6">
            <h2 className="text-xl">{tier.title}</h2>
            <p className="text-soft">{said.tierText[tier.name]}</p>
            <p>
              <Chosen>
                {({ interval, currency }) => (
                  <>
                    <span className="text-3xl font-semibold tracking-tight">
                      {money(tier.prices[interval][currency], currency, language)}
                    </span>{' '}
                    <span className="text-soft">{said.per[interval]}</span>
                    {interval === 'year' && (
                      <span className="block text-sm text-soft">
                        {said.saved(
                          money(tier.prices.month[currency] * 12 - tier.prices.year[currency], currency, language),
                        )}
                      </span>
                    )}
                  </>
                )}
              </Chosen>
            </p>
            <p className="flex flex-wrap gap-2 text-sm">
              <span className="rounded-full bg-tint px-3 py-1">{said.isolation[tier.isolation]}</span>
              {tier.trialDays > 0 && (
                <span className="rounded-full bg-tint px-3 py-1">{said.trial(number(tier.trialDays, language))}</span>
              )}
            </p>
            <div className="mt-auto pt-2">
              <ActionLink href={`/start?tier=${tier.name}`}>{said.choose(tier.title)}</ActionLink>
            </div>
          </article>
        ))}
      </div>
      <p className="mt-4 text-sm text-soft">{said.taxNote}</p>
      <Section id="included" title={said.compare}>
        <CompareTable
          tiers={tiers}
          feature={said.feature}
          caption={said.compare}
          rows={[
            ...(Object.keys(priced) as Meter[]).map((meter) => ({
              title: said.meters[meter],
              cell: (tier: TierView) => <Included meter={meter} tier={tier} said={said} language={language} />,
            })),
            ...(Object.keys(said.limits) as Limit[]).map((limit) => ({
              title: said.limits[limit],
              cell: (tier: TierView) => number(tier.limits[limit], language),
            })),
            ...(Object.keys(said.featureNames) as TierView['features'][number][]).map((feature) => ({
              title: said.featureNames[feature],
              cell: (tier: TierView) => (tier.features.includes(feature) ? said.yes : said.no),
            })),
          ]}
        />
      </Section>
    </>
  );
}

function Included({
  meter,
  tier,
  said,
  language,
}: {
  readonly meter: Meter;
  readonly tier: TierView;
  readonly said: PageProps['words']['pricing'];
  readonly language: PageProps['language'];
}) {
  const { included, overage } = tier.usage[meter];
  const units = priced[meter];
  return (
    <Chosen>
      {({ interval, currency }) => {
        const each = Number(overage[currency]);
        if (included[interval] === 0 && each === 0) return '–';
        return (
          <>
            {said.included[interval](number(included[interval], language))}
            <span className="block text-soft">
              {said.beyond(money(each * units, currency, language), number(units, language))}
            </span>
          </>
        );
      }}
    </Chosen>
  );
}
