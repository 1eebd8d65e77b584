import type { ReactNode } from 'react';

/** One figure with its name, and what it is compared with. Put several into a `<dl>`. */
export function Stat({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: ReactNode;
}) {
  return (
    <div className="rounded-xl border border-line bg-panel p-5">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="mt-1 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
      {note && <dd className="mt-1 text-sm text-soft">{note}</dd>}
    </div>
  );
}
