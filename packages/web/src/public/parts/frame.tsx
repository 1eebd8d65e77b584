import type { ReactNode } from 'react';
import { ScrollArea } from '../../parts/scroll-area.tsx';
import { localPath, publicLanguages } from '../addresses.ts';
import { languageNames } from '../languages.ts';
import type { PageName, PageProps } from '../props.ts';

const menu = ['pricing', 'guide', 'api', 'status'] as const;
const more = [
  'guide',
  'sdk',
  'api',
  'status',
  'changelog',
  'terms',
  'privacy',
  'data-processing',
  'imprint',
] as const satisfies readonly PageName[];

const quiet =
  'inline-flex min-h-11 items-center px-2 text-soft underline-offset-4 hover:underline aria-[current=page]:text-ink aria-[current=page]:underline';

/** What every public page has around it. */
export function Frame({
  page,
  path,
  children,
}: {
  readonly page: PageProps;
  readonly path: string;
  readonly children: ReactNode;
}) {
  const { words, language, name, link } = page;
  const current = (one: PageName) => (one === name ? ({ 'aria-current': 'page' } as const) : {});
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:rounded-lg focus:bg-panel focus:p-3"
      >
        {words.skip}
      </a>
      <header className="border-b border-line bg-panel">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <a href={link('landing')} className="flex min-h-11 items-center gap-2 font-semibold tracking-tight">
            <img src="/icon.svg" alt="" width="24" height="24" className="size-6" /> Tenantry
          </a>
          <nav aria-label={words.menu} className="flex flex-wrap items-center text-sm max-sm:order-last max-sm:w-full">
            {menu.map((one) => (
              <a key={one} href={link(one)} {...current(one)} className={quiet}>
                {words.nav[one]}
              </a>
            ))}
            <a href="/shop" className={quiet}>
              {words.nav.shop}
            </a>
          </nav>
          <div className="ml-auto flex flex-wrap items-center gap-2 text-sm">
            {publicLanguages
              .filter((one) => one !== language)
              .map((one) => (
                <a key={one} href={localPath(path, one)} lang={one} hrefLang={one} className={quiet}>
                  {languageNames[one]}
                </a>
              ))}
            <a href="/console" className={quiet}>
              {words.signIn}
            </a>
            <ActionLink href="/start">{words.signUp}</ActionLink>
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-10 sm:py-14">
        {children}
      </main>
      <footer className="border-t border-line bg-panel">
        <div className="mx-auto max-w-6xl space-y-3 px-4 py-8 text-sm">
          <nav aria-label={words.footer} className="flex flex-wrap gap-x-2">
            {more.map((one) => (
              <a key={one} href={link(one)} {...current(one)} className={quiet}>
                {words.pages[one].short}
              </a>
            ))}
          </nav>
          <p className="px-2 text-soft">{words.footerNote}</p>
          <label className="flex items-center gap-2 px-2 text-soft" data-theme-choice="" hidden>
            {words.theme}
            <select className="min-h-11 rounded-lg border border-line bg-panel px-2 text-ink">
              {Object.entries(words.themes).map(([theme, label]) => (
                <option key={theme} value={theme}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </div>
      </footer>
    </>
  );
}

/** A link that is the thing to do. */
export const ActionLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <a
    href={href}
    className="inline-flex min-h-11 items-center justify-center rounded-lg bg-accent px-4 font-semibold text-accent-ink hover:opacity-90"
  >
    {children}
  </a>
);

export const QuietLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <a
    href={href}
    className="inline-flex min-h-11 items-center justify-center rounded-lg border border-line bg-panel px-4 font-semibold hover:bg-tint"
  >
    {children}
  </a>
);

/** A page's heading with what it is about. */
export const Heading = ({ title, lead }: { readonly title: string; readonly lead: string }) => (
  <div className="mb-10 space-y-3">
    <h1 className="text-3xl sm:text-4xl">{title}</h1>
    <p className="max-w-prose text-lg text-soft">{lead}</p>
  </div>
);

export const Section = ({
  id,
  title,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}) => (
  <section aria-labelledby={id} className="mt-14 space-y-5">
    <h2 id={id} className="text-2xl">
      {title}
    </h2>
    {children}
  </section>
);

/** Text of a program. */
export const Code = ({ children, label }: { readonly children: string; readonly label: string }) => (
  <ScrollArea label={label} className="rounded-lg border border-line bg-panel p-4">
    <pre className="font-mono text-sm leading-relaxed">
      <code>{children}</code>
    </pre>
  </ScrollArea>
);
