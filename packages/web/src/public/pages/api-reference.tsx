import { Code, Heading, Section } from '../parts/frame.tsx';
import type { PageProps, ReferenceRoute } from '../props.ts';

type Group = keyof PageProps['words']['api']['groups'];

const groupOf = {
  apiKey: 'key',
  anyone: 'open',
  user: 'member',
  member: 'member',
  operator: 'operator',
  stripe: 'other',
  site: 'other',
} as const satisfies Record<ReferenceRoute['by'], Group>;

const groups = ['key', 'open', 'member', 'operator', 'other'] as const satisfies readonly Group[];

const field = 'w-full rounded-lg border border-line bg-page px-3 py-2 font-mono text-sm';

function TryForm({ route, said }: { readonly route: ReferenceRoute; readonly said: PageProps['words']['api'] }) {
  return (
    <form data-try-route="" data-method={route.method} data-path={route.path} className="space-y-3" hidden>
      {route.params.map((name) => (
        <label key={name} className="block space-y-1">
          <span className="text-sm">
            <code>{`{${name}}`}</code>
          </span>
          <input name={`param:${name}`} required autoComplete="off" className={field} />
        </label>
      ))}
      {route.query.length > 0 && (
        <label className="block space-y-1">
          <span className="text-sm">
            {said.query} <span className="text-soft">({said.queryHint})</span>
          </span>
          <input
            name="query"
            autoComplete="off"
            placeholder={route.query.map((name) => `${name}=`).join('&')}
            className={field}
          />
        </label>
      )}
      {route.body && (
        <label className="block space-y-1">
          <span className="text-sm">{said.body}</span>
          <textarea name="body" rows={6} spellCheck={false} defaultValue={route.example ?? '{}'} className={field} />
        </label>
      )}
      <button type="submit" className="min-h-11 rounded-lg border border-line bg-page px-4 font-semibold hover:bg-tint">
        {said.send}
      </button>
      <div data-answer="" aria-live="polite" />
    </form>
  );
}

function RouteEntry({ route, said }: { readonly route: ReferenceRoute; readonly said: PageProps['words']['api'] }) {
  const sent = route.by !== 'stripe' && route.by !== 'site';
  return (
    <article
      id={route.id}
      aria-labelledby={`${route.id}-title`}
      className="space-y-3 rounded-xl border border-line bg-panel p-5"
    >
      <h3 id={`${route.id}-title`} className="font-mono text-base break-words">
        {route.method} {route.path}
      </h3>
      <p>{route.summary}.</p>
      <p className="text-sm text-soft">{route.access}</p>
      {route.example && <Code label={`${route.method} ${route.path}`}>{route.example}</Code>}
      {route.errors.length > 0 && (
        <p className="text-sm text-soft">
          {said.errors}: <code>{route.errors.join(', ')}</code>
        </p>
      )}
      {sent && (
        <details>
          <summary className="inline-flex min-h-11 items-center font-semibold text-accent">{said.tryRoute}</summary>
          <noscript>
            <p className="text-wait">{said.needsScript}</p>
          </noscript>
          <TryForm route={route} said={said} />
        </details>
      )}
    </article>
  );
}

export function ApiReferencePage({ words, facts }: PageProps) {
  const said = words.api;
  return (
    <>
      <Heading title={words.pages.api.title} lead={said.lead} />
      <p className="flex flex-wrap gap-x-6">
        <a href="/openapi.json" className="text-accent underline underline-offset-4">
          {said.document}
        </a>
        <a href="/docs" className="text-accent underline underline-offset-4">
          {said.plain}
        </a>
      </p>
      <div
        data-credential=""
        data-sending={said.sending}
        data-no-answer={said.noAnswer}
        data-answer-title={said.answer}
        className="mt-6 max-w-prose space-y-1"
        hidden
      >
        <label htmlFor="credential" className="text-sm">
          {said.credential}
        </label>
        <input
          id="credential"
          type="password"
          autoComplete="off"
          className={`${field} min-h-11`}
          aria-describedby="credential-hint"
        />
        <p id="credential-hint" className="text-sm text-soft">
          {said.credentialHint}
        </p>
      </div>
      {groups.map((group) => (
        <Section key={group} id={`group-${group}`} title={said.groups[group]}>
          <div lang="en" className="space-y-4">
            {facts.routes
              .filter(({ by }) => groupOf[by] === group)
              .map((route) => (
                <RouteEntry key={route.id} route={route} said={said} />
              ))}
          </div>
        </Section>
      ))}
    </>
  );
}
