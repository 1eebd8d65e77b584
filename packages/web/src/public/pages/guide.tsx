import { Code, Heading, Section } from '../parts/frame.tsx';
import type { PageProps } from '../props.ts';

export const scriptSnippet = (siteUrl: string): string => `<script src="${siteUrl}/sdk.js" data-key="pk_…"></script>
<script>
  tenantry.track({ itemId: 'sku-42', type: 'view' });
</script>`;

const listSnippet = `tenantry.recommend({ scenario: 'similar', itemId: 'sku-42', limit: 8 }).then(
  (list) => {
    show(list.items);
    tenantry.shown(list);
  },
  () => showBestsellers(),
);`;

export function GuidePage({ words, facts, link }: PageProps) {
  const said = words.guide;
  const code = [undefined, undefined, scriptSnippet(facts.siteUrl), listSnippet, undefined];
  return (
    <>
      <Heading title={words.pages.guide.title} lead={said.lead} />
      <ol className="space-y-8">
        {said.steps.map(([title, text], index) => (
          <li key={title} className="grid gap-3 sm:grid-cols-[2.5rem_minmax(0,1fr)]">
            <span aria-hidden="true" className="flex size-9 items-center justify-center rounded-full bg-tint font-mono">
              {index + 1}
            </span>
            <div className="min-w-0 space-y-3">
              <h2 className="text-xl">{title}</h2>
              <p className="max-w-prose text-soft">{text}</p>
              {code[index] && <Code label={title}>{code[index]}</Code>}
            </div>
          </li>
        ))}
      </ol>
      <Section id="next" title={said.nextTitle}>
        <ul className="space-y-2">
          {said.next.map(([name, text]) => (
            <li key={name}>
              <a href={link(name)} className="text-accent underline underline-offset-4">
                {text}
              </a>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
