import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useViewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { navigationMessages } from './messages.ts';
import type { Section } from './pages.ts';

const linkClass =
  'flex min-h-10 items-center gap-3 rounded-lg px-3 py-2 text-sm text-soft hover:bg-tint hover:text-ink ' +
  'aria-[current=page]:bg-tint aria-[current=page]:font-medium aria-[current=page]:text-ink';

/** Pages below which others lie that have entries of their own. */
const exactPages: ReadonlySet<string> = new Set(['/operator', '/settings']);

/** The pages that the viewer may open, by section. */
export function Menu({
  sections,
  label,
  onChosen,
}: {
  readonly sections: readonly Section[];
  readonly label: string;
  readonly onChosen?: () => void;
}) {
  const text = useText(navigationMessages);
  const viewer = useViewer();
  const open = sections
    .map(({ name, pages }) => ({ name, pages: pages.filter(({ needs }) => viewer?.may(needs)) }))
    .filter(({ pages }) => pages.length > 0);
  const menu = useRef<HTMLElement>(null);
  const known = viewer !== undefined;
  // Whoever opens a page by its address finds it in a menu that is longer than the window, too.
  useEffect(() => {
    if (known) menu.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [known]);
  return (
    <nav ref={menu} aria-label={label} className="space-y-6">
      {open.map(({ name, pages }) => (
        <div key={name ?? ''}>
          {name && <p className="mb-1 px-3 text-xs font-medium text-soft">{text.sections[name]}</p>}
          <ul className="space-y-0.5">
            {pages.map(({ name: page, to, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className={linkClass}
                  {...(onChosen ? { onClick: onChosen } : {})}
                  activeOptions={{ exact: exactPages.has(to) }}
                >
                  <Icon aria-hidden="true" className="size-4 shrink-0" />
                  {text.pages[page]}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
