import type { ReactNode } from 'react';

/** What can be done at the end of a long dialog: it stays in sight while the rest is scrolled. */
export const DialogActions = ({ children }: { readonly children: ReactNode }) => (
  <div className="sticky bottom-0 -mx-6 flex justify-end gap-3 border-t border-line bg-panel px-6 py-3">{children}</div>
);
