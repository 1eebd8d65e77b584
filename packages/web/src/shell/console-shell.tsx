import { Outlet } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Menu } from '../navigation/menu.tsx';
import { navigationMessages } from '../navigation/messages.ts';
import type { Section } from '../navigation/pages.ts';
import { Button } from '../parts/button.tsx';
import { Drawer } from '../parts/drawer.tsx';
import { Brand } from './brand.tsx';
import { Preferences } from './preferences.tsx';
import { SkipLink } from './skip-link.tsx';

function PreferencesMenu() {
  const { t } = useMessages();
  const text = useText(navigationMessages);
  return (
    <nav aria-label={text.preferences} className="flex flex-wrap items-center gap-2 text-sm">
      <a href="/docs" className="px-2 py-2 text-soft underline-offset-4 hover:underline">
        {t.apiDocs}
      </a>
      <Preferences />
    </nav>
  );
}

/** Around the pages of signed-in people: the menu on the side, or behind a button where there is no room for it. */
export function ConsoleShell({
  sections,
  label,
  head,
  notices,
}: {
  readonly sections: readonly Section[];
  readonly label: string;
  /** Above the menu: which company it is about. */
  readonly head?: ReactNode;
  /** Above each page. */
  readonly notices?: ReactNode;
}) {
  const text = useText(navigationMessages);
  const [menuOpen, setMenuOpen] = useState(false);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <SkipLink />
      <aside className="hidden border-r border-line bg-panel lg:block">
        <div className="sticky top-0 flex max-h-dvh flex-col gap-5 pt-4">
          <div className="space-y-5 px-4">
            <Brand />
            {head}
          </div>
          <div className="min-h-0 overflow-y-auto px-4 pb-4">
            <Menu sections={sections} label={label} />
          </div>
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="flex flex-wrap items-center gap-2 border-b border-line bg-panel px-4 py-3">
          <div className="flex items-center gap-3 lg:hidden">
            <Button aria-label={text.openMenu} onClick={() => setMenuOpen(true)}>
              <MenuIcon aria-hidden="true" className="size-4" />
            </Button>
            <Brand />
          </div>
          <div className="ml-auto hidden lg:block">
            <PreferencesMenu />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-8">
          {notices}
          <Outlet />
        </main>
      </div>
      {menuOpen && (
        <Drawer title={label} close={text.closeMenu} onClose={() => setMenuOpen(false)}>
          {head}
          <Menu sections={sections} label={label} onChosen={() => setMenuOpen(false)} />
          <PreferencesMenu />
        </Drawer>
      )}
    </div>
  );
}
