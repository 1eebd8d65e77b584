import type { ReactNode } from 'react';

/** What may be wider than the page scrolls on its own, also by the keyboard (WCAG 2.1.1), and takes nothing else along. */
export function ScrollArea({
  label,
  className = '',
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section would be one more landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the focus so that arrow keys can scroll it
    <div role="group" aria-label={label} tabIndex={0} className={`relative overflow-x-auto ${className}`}>
      {children}
    </div>
  );
}
