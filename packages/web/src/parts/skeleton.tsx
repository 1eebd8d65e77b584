import { useMessages } from '../messages/context.tsx';

/** Stands where content will be, at about its size. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  const { t } = useMessages();
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">{t.loading}</span>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
        <div key={key} className="h-5 animate-pulse rounded bg-line" />
      ))}
    </div>
  );
}
