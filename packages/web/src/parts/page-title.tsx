import { type ReactNode, useEffect } from 'react';

/** A page's heading, which is also the document's title, with what the page can do beside it. */
export function PageTitle({
  children,
  note,
  actions,
}: {
  readonly children: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${children} · Tenantry`;
  }, [children]);
  return (
    <div className="mb-8 flex flex-wrap items-start justify-between gap-4">
      <div className="min-w-0 space-y-2">
        <h1 className="text-3xl wrap-anywhere">{children}</h1>
        {note && <div className="max-w-prose text-soft">{note}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-3">{actions}</div>}
    </div>
  );
}
