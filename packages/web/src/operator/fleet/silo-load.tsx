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
  const { perMinute, idleSince, replicas, running } = data;
  return (
    <span className="flex flex-wrap items-center gap-2 whitespace-nowrap">
      {idleSince === null ? (
        text.perMinute(number(Math.round(perMinute * 10) / 10))
      ) : (
        <>
          <Badge>{text.idle}</Badge> <When at={idleSince} />
        </>
      )}
      <Running running={running} />
      <span className="text-soft">{text.bounds(number(replicas.min), number(replicas.max))}</span>
    </span>
  );
}

/** How many replicas there are at the moment; those that do not answer yet stand out. */
function Running({ running }: { readonly running: CallOutput<'readSiloLoad'>['running'] }) {
  const { number } = useMessages();
  const text = useText(fleetMessages);
  if (!running) return <span className="text-soft">{text.replicasUnknown}</span>;
  const { wanted, ready } = running;
  if (wanted === 0) return <Badge>{text.noReplicas}</Badge>;
  return <Badge tone={ready < wanted ? 'wait' : 'good'}>{text.replicas(number(ready), number(wanted))}</Badge>;
}
