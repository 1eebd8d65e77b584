import type { CallOutput } from '../../api/client.ts';
import { Actor } from './actor.tsx';
import { When } from './when.tsx';

type Entry = CallOutput<'listStaffLog'>['entries'][number];

/** Entries of a log, the newest first. */
export function Entries({ entries, none }: { readonly entries: readonly Entry[]; readonly none: string }) {
  if (entries.length === 0) return <p className="text-soft">{none}</p>;
  return (
    <ol className="divide-y divide-line text-sm">
      {entries.map(({ id, at, actor, action, details }) => (
        <li key={id} className="space-y-1 py-3">
          <div className="flex flex-wrap justify-between gap-x-4">
            <code className="font-medium">{action}</code>
            <span className="text-soft">
              <When at={at} />
            </span>
          </div>
          <p className="text-soft wrap-anywhere">
            <Actor actor={actor} />
            {Object.entries(details).map(([name, value]) => ` · ${name}: ${value}`)}
          </p>
        </li>
      ))}
    </ol>
  );
}
