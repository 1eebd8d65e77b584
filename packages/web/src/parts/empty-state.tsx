import type { ReactNode } from 'react';

/** Where nothing is yet: what will be here, and the one thing to do about it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="space-y-3 rounded-lg border border-dashed border-line px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="mx-auto max-w-prose text-soft">{children}</div>}
      {action && <div className="flex justify-center pt-1">{action}</div>}
    </div>
  );
}
