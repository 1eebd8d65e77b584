import { useQuery } from '@tanstack/react-query';
import { session } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { PriceChoiceFields, usePriceChoice } from '../pricing/price-choice.tsx';
import { TierFacts } from '../pricing/tier-facts.tsx';
import { UsageTable } from '../pricing/usage-table.tsx';
import { queries } from '../queries.ts';

/** Leads to the registration, by way of the sign-up for whoever is not signed in. */
function begin(tier?: string): void {
  const path = tier ? `/register?tier=${tier}` : '/register';
  if (session.signedIn()) window.location.assign(path);
  else void session.start('signup', path);
}

export function LandingPage() {
  const { t } = useMessages();
  const tiers = useQuery(queries.tiers);
  const [choice, setChoice] = usePriceChoice();
  return (
    <div className="space-y-16">
      <section className="grid gap-10 lg:grid-cols-[3fr_2fr] lg:items-end">
        <div className="space-y-6">
          <h1 className="max-w-2xl text-4xl sm:text-6xl">{t.heroTitle}</h1>
          <p className="max-w-prose text-lg text-soft">{t.heroText}</p>
          <div className="flex flex-wrap gap-3">
            <Button look="strong" onClick={() => begin()}>
              {t.signUp}
            </Button>
            <Button onClick={() => session.ask('/console')}>{t.signIn}</Button>
          </div>
        </div>
        <dl className="divide-y divide-line border-y border-line">
          {t.heroPoints.map(([title, text]) => (
            <div key={title} className="py-4">
              <dt className="font-semibold">{title}</dt>
              <dd className="text-soft">{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-labelledby="tiers" className="space-y-6">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <h2 id="tiers" className="text-2xl">
            {t.tiersTitle}
          </h2>
          <div className="flex gap-3">
            <PriceChoiceFields choice={choice} onChange={setChoice} />
          </div>
        </div>
        {tiers.isPending && <Skeleton lines={6} />}
        {tiers.error && <ProblemNotice error={tiers.error} retry={() => tiers.refetch()} />}
        <div className="grid gap-4 md:grid-cols-3">
          {tiers.data?.tiers.map((tier) => (
            <article key={tier.name} className="flex flex-col gap-5 rounded-xl border border-line bg-panel p-6">
              <h3 className="text-xl">{tier.title}</h3>
              <p className="text-soft">{t.tierText[tier.name] ?? tier.description}</p>
              <TierFacts tier={tier} choice={choice} />
              <Button look="strong" className="mt-auto" onClick={() => begin(tier.name)}>
                {t.chooseTier(tier.title)}
              </Button>
            </article>
          ))}
        </div>
      </section>
      {tiers.data && <UsageTable tiers={tiers.data.tiers} choice={choice} />}
    </div>
  );
}
