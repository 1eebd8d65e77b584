import { ScrollArea } from '../../parts/scroll-area.tsx';
import { ActionLink, QuietLink, Section } from '../parts/frame.tsx';
import { ShopPicture } from '../parts/shop-picture.tsx';
import { firstCurrency, money } from '../prices.ts';
import type { PageProps } from '../props.ts';

export function LandingPage({ words, language, facts, link }: PageProps) {
  const said = words.landing;
  const currency = firstCurrency[language];
  return (
    <>
      <section className="grid gap-10 lg:grid-cols-2 lg:items-center">
        <div className="min-w-0 space-y-6">
          <h1 className="text-3xl sm:text-5xl">{words.pages.landing.title}</h1>
          <p className="max-w-prose text-lg text-soft">{said.lead}</p>
          <div className="flex flex-wrap gap-3">
            <ActionLink href="/start">{words.signUp}</ActionLink>
            <QuietLink href="/shop">{said.tryShop}</QuietLink>
          </div>
        </div>
        <ShopPicture said={said} language={language} />
      </section>
      <Section id="how" title={said.howTitle}>
        <ol className="grid gap-4 md:grid-cols-3">
          {said.how.map(([title, text], index) => (
            <li key={title} className="space-y-2 rounded-xl border border-line bg-panel p-6">
              <p aria-hidden="true" className="font-mono text-sm text-accent">
                {index + 1}
              </p>
              <h3 className="text-lg">{title}</h3>
              <p className="text-soft">{text}</p>
            </li>
          ))}
        </ol>
      </Section>
      <Section id="isolation" title={said.isolationTitle}>
        <p className="max-w-prose text-soft">{said.isolationLead}</p>
        <ScrollArea label={said.isolationTitle}>
          <table className="w-full min-w-xl text-left text-sm">
            <thead>
              <tr className="border-b border-line">
                {said.isolationHead.map((head, index) =>
                  index === 0 ? (
                    <td key="corner" />
                  ) : (
                    <th key={head} scope="col" className="py-3 pr-4 font-semibold">
                      {head}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {said.isolationRows.map(([what, pooled, own]) => (
                <tr key={what} className="border-b border-line align-top">
                  <th scope="row" className="py-3 pr-4 font-medium">
                    {what}
                  </th>
                  <td className="py-3 pr-4 text-soft">{pooled}</td>
                  <td className="py-3 pr-4 text-soft">{own}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      </Section>
      <Section id="tiers" title={said.tiersTitle}>
        <div className="grid gap-4 md:grid-cols-3">
          {facts.tiers.map((tier) => (
            <article key={tier.name} className="flex flex-col gap-3 rounded-xl border border-line bg-panel p-6">
              <h3 className="text-xl">{tier.title}</h3>
              <p className="text-soft">{words.pricing.tierText[tier.name]}</p>
              <p className="mt-auto">
                <span className="text-2xl font-semibold tracking-tight">
                  {money(tier.prices.month[currency], currency, language)}
                </span>{' '}
                <span className="text-soft">{words.pricing.per.month}</span>
              </p>
            </article>
          ))}
        </div>
        <p>
          <a href={link('pricing')} className="font-semibold text-accent underline underline-offset-4">
            {said.allPrices}
          </a>
        </p>
      </Section>
      <Section id="questions" title={said.faqTitle}>
        <div className="divide-y divide-line border-y border-line">
          {said.faq.map(([question, answer]) => (
            <details key={question} className="py-1">
              <summary className="min-h-11 py-3 font-medium">{question}</summary>
              <p className="max-w-prose pb-4 text-soft">{answer}</p>
            </details>
          ))}
        </div>
      </Section>
    </>
  );
}
