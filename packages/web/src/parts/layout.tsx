import { Link, Outlet } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { session } from '../app.ts';
import { languages, useMessages } from '../messages/context.tsx';
import { Button } from './button.tsx';
import { useTheme } from './theme.ts';

/** What every page has around it. */
export function Layout() {
  const { t, language, setLanguage } = useMessages();
  const [theme, setTheme] = useTheme();
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:bg-panel focus:p-2">
        {t.skip}
      </a>
      <header className="border-b border-line bg-panel">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <Link to="/" className="flex items-center gap-2 font-semibold tracking-tight">
            <img src="/icon.svg" alt="" className="size-6" /> Tenantry
          </Link>
          <nav aria-label={t.console} className="ml-auto flex flex-wrap items-center gap-2 text-sm">
            <a href="/docs" className="px-2 py-2 text-soft underline-offset-4 hover:underline">
              {t.apiDocs}
            </a>
            <select
              aria-label={t.language}
              value={language}
              onChange={(event) => setLanguage(event.target.value === 'ko' ? 'ko' : 'en')}
              className="min-h-10 rounded-lg border border-line bg-panel px-2"
            >
              {Object.entries(languages).map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
            <select
              aria-label={t.theme}
              value={theme}
              onChange={(event) => setTheme(event.target.value === 'dark' ? 'dark' : 'light')}
              className="min-h-10 rounded-lg border border-line bg-panel px-2"
            >
              <option value="light">{t.themeLight}</option>
              <option value="dark">{t.themeDark}</option>
            </select>
            {session.signedIn() ? (
              <Button onClick={() => session.end()}>{t.signOut}</Button>
            ) : (
              <Button onClick={() => session.start('login', '/console')}>{t.signIn}</Button>
            )}
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:py-12">
        <Outlet />
      </main>
    </div>
  );
}

/** A page's heading, which is also the document's title. */
export function PageTitle({ children, note }: { readonly children: string; readonly note?: ReactNode }) {
  useEffect(() => {
    document.title = `${children} · Tenantry`;
  }, [children]);
  return (
    <div className="mb-8 space-y-2">
      <h1 className="text-3xl">{children}</h1>
      {note && <p className="max-w-prose text-soft">{note}</p>}
    </div>
  );
}
