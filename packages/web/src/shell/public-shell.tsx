import { Link, Outlet } from '@tanstack/react-router';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { Brand } from './brand.tsx';
import { Preferences } from './preferences.tsx';
import { SkipLink } from './skip-link.tsx';

/** Around the pages that anybody may open, and those on the way to a first company. */
export function PublicShell() {
  const { t } = useMessages();
  const text = useText(navigationMessages);
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="border-b border-line bg-panel">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <Brand />
          <nav aria-label={t.console} className="ml-auto flex flex-wrap items-center gap-2 text-sm">
            <Link to="/shop" className="max-sm:hidden px-2 py-2 text-soft underline-offset-4 hover:underline">
              {text.shop}
            </Link>
            <a href="/docs" className="max-sm:hidden px-2 py-2 text-soft underline-offset-4 hover:underline">
              {t.apiDocs}
            </a>
            <Preferences />
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:py-12">
        <Outlet />
      </main>
    </div>
  );
}
