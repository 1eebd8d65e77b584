import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge } from '../../parts/badge.tsx';
import { When } from '../parts/when.tsx';
import { fleetMessages } from './messages.ts';
import { siloLoadQuery } from './queries.ts';

/** How busy one silo is, asked for by itself, so that the list waits for none. */
export function SiloLoad({ tenantId }: { readonly tenantId: CallOutput<'readTenant'>['id'] }) {
  const { number } = useMessages();
  const text = useText(fleetMessages);
  const { data, error } = useQuery(siloLoadQuery(tenantId));
  if (error) return <span className="text-soft">{text.loadUnknown}</span>;
  if (!data) return <span className="text-soft">…</span>;
  const { perMinute, idleSince, replicas } = data;
  return (
    <span className="flex flex-wrap items-center gap-2 whitespace-nowrap">
      {idleSince === null ? (
        text.perMinute(number(Math.round(perMinute * 10) / 10))
      ) : (
        <>
          <Badge>{text.idle}</Badge> <When at={idleSince} />
        </>
      )}
      <span className="text-soft">{text.replicas(number(replicas.min), number(replicas.max))}</span>
    </span>
  );
}
