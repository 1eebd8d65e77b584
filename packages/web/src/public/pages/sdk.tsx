import { Code, Heading, Section } from '../parts/frame.tsx';
import type { PageProps } from '../props.ts';
import { scriptSnippet } from './guide.tsx';

const snippets = (siteUrl: string): readonly string[] => [
  scriptSnippet(siteUrl),
  `import { init } from '@tenantry/sdk';

const tenantry = init({ key: 'pk_…', url: '${siteUrl}' });
tenantry.track({ itemId: 'sku-42', type: 'view' });
const list = await tenantry.recommend({ limit: 8 });`,
  `const tenantry = init({ key: process.env.TENANTRY_KEY, url: '${siteUrl}' });
tenantry.track({ shopperId: 'customer-7', itemId: 'sku-42', type: 'purchase' });
await tenantry.flush();`,
  `<script src="${siteUrl}/sdk.js" data-key="pk_…" data-consent="false"></script>
<script>
  banner.onAgree(() => tenantry.setConsent(true));
  banner.onWithdraw(() => tenantry.setConsent(false));
</script>`,
  `const tenantry = init({
  key: 'pk_…',
  url: '${siteUrl}',
  onError: (error, lost) => report(error.code, lost.length),
});`,
];

const field = 'min-h-11 w-full rounded-lg border border-line bg-page px-3';

export function SdkPage({ words, facts }: PageProps) {
  const said = words.sdk;
  const code = snippets(facts.siteUrl);
  return (
    <>
      <Heading title={words.pages.sdk.title} lead={said.lead} />
      {said.sections.slice(0, 2).map(([title, text], index) => (
        <Section key={title} id={`part-${index}`} title={title}>
          <p className="max-w-prose text-soft">{text}</p>
          <Code label={title}>{code[index] ?? ''}</Code>
        </Section>
      ))}
      <Section id="try" title={said.tryTitle}>
        <p className="max-w-prose text-soft">{said.tryText}</p>
        <noscript>
          <p className="font-semibold text-wait">{said.needsScript}</p>
        </noscript>
        <form data-try-sdk="" className="grid gap-4 rounded-xl border border-line bg-panel p-5 sm:grid-cols-2" hidden>
          <label className="space-y-1 sm:col-span-2">
            <span className="text-sm">
              {said.key} <span className="text-soft">({said.keyHint})</span>
            </span>
            <input
              name="key"
              autoComplete="off"
              spellCheck={false}
              placeholder={said.keyExample}
              className={`${field} font-mono`}
            />
          </label>
          <label className="space-y-1">
            <span className="text-sm">{said.shopper}</span>
            <input name="shopper" defaultValue="shopper-1" maxLength={128} className={field} />
          </label>
          <label className="space-y-1">
            <span className="text-sm">{said.item}</span>
            <input name="item" defaultValue="sku-42" maxLength={128} className={field} />
          </label>
          <label className="space-y-1">
            <span className="text-sm">{said.type}</span>
            <select name="type" className={field}>
              {Object.entries(said.types).map(([type, label]) => (
                <option key={type} value={type}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <div className="flex flex-wrap items-end gap-2">
            {(['start', 'track', 'recommend'] as const).map((what) => (
              <button
                key={what}
                type="button"
                data-do={what}
                disabled={what !== 'start'}
                className="min-h-11 rounded-lg border border-line bg-page px-4 font-mono text-sm font-semibold hover:bg-tint disabled:opacity-50"
              >
                {said[what]}
              </button>
            ))}
          </div>
          <p
            role="status"
            data-said=""
            className="sm:col-span-2"
            data-bad-key={said.badKey}
            data-started={said.started}
          />
          <div className="min-w-0 space-y-2 sm:col-span-2">
            <h3 className="text-lg">{said.calls}</h3>
            <p data-none="" className="text-soft">
              {said.noCalls}
            </p>
            <ol data-calls="" className="space-y-3" />
          </div>
        </form>
      </Section>
      {said.sections.slice(2).map(([title, text], index) => (
        <Section key={title} id={`part-${index + 2}`} title={title}>
          <p className="max-w-prose text-soft">{text}</p>
          <Code label={title}>{code[index + 2] ?? ''}</Code>
        </Section>
      ))}
    </>
  );
}
