import { useMessages } from '../messages/context.tsx';

/** The first thing that the keyboard reaches: over the menu to the page itself. */
export function SkipLink() {
  const { t } = useMessages();
  return (
    <a
      href="#content"
      className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:rounded-lg focus:bg-panel focus:p-3"
    >
      {t.skip}
    </a>
  );
}
