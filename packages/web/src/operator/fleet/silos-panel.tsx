import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { CallOutput } from '../../api/client.ts';
import { api } from '../../app.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { tierTitle } from '../../pricing/tier-title.ts';
import { operatorMessages } from '../messages.ts';
import { ReasonDialog } from '../reason-dialog.tsx';
import { fleetMessages } from './messages.ts';
import { rolloutsQuery, silosQuery } from './queries.ts';
import { SiloLoad } from './silo-load.tsx';

type Silo = CallOutput<'listSilos'>['silos'][number];

/** How a silo is to be treated from now on. */
interface Wish {
  readonly silo: Silo;
  readonly title: string;
  readonly ring: Silo['ring'];
  readonly pinned: boolean;
}

/** Every silo with what it runs, and how rollouts treat it. */
export function SilosPanel() {
  const { t } = useMessages();
  const common = useText(operatorMessages);
  const text = useText(fleetMessages);
  const client = useQueryClient();
  const changing = useQuery(rolloutsQuery).data?.rollouts.some(({ endedAt }) => endedAt === null) ?? false;
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(silosQuery(changing));
  const [wish, setWish] = useState<Wish>();
  const set = useMutation({
    mutationFn: async ({ wish: { silo, ring, pinned }, reason }: { wish: Wish; reason: string }) =>
      api('setSiloRing', { params: { tenantId: silo.tenantId }, body: { ring, pinned, reason } }),
    onSuccess: () => setWish(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: silosQuery(changing).queryKey }),
  });
  const silos = data?.pages.flatMap((page) => page.silos) ?? [];
  const ask = (silo: Silo, title: string, change: Partial<Pick<Wish, 'ring' | 'pinned'>>) => {
    set.reset();
    setWish({ silo, title, ring: silo.ring, pinned: silo.pinned !== null, ...change });
  };
  return (
    <Panel title={text.silos} aside={data?.pages[0] && <p className="text-soft">{text.runs(data.pages[0].version)}</p>}>
      {isPending && <Skeleton lines={5} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {data && silos.length === 0 && <EmptyState title={text.noSilos}>{text.noSilosText}</EmptyState>}
      {silos.length > 0 && (
        <DataTable
          label={text.silos}
          rows={silos}
          rowKey={({ tenantId }) => tenantId}
          columns={[
            {
              title: text.company,
              cell: ({ tenantId, slug }) => (
                <Link
                  to="/operator/$tenantId"
                  params={{ tenantId }}
                  className="font-medium underline underline-offset-4"
                >
                  {slug}
                </Link>
              ),
            },
            { title: text.tier, cell: ({ tier }) => tierTitle(tier) },
            { title: text.status, cell: ({ status }) => t.statuses[status] ?? status },
            { title: text.version, cell: ({ version }) => <code>{version}</code> },
            { title: text.load, cell: ({ tenantId }) => <SiloLoad tenantId={tenantId} /> },
            {
              title: text.ring,
              cell: ({ ring, pinned }) => (
                <span className="flex flex-wrap gap-1">
                  <Badge>{ring === 'canary' ? text.first : text.usual}</Badge>
                  {pinned && <Badge tone="wait">{text.pinned}</Badge>}
                </span>
              ),
            },
            {
              title: text.actions,
              quiet: true,
              cell: (silo) => (
                <span className="flex flex-wrap gap-2">
                  {silo.ring === 'canary' ? (
                    <Button onClick={() => ask(silo, text.getUsual, { ring: null })}>{text.getUsual}</Button>
                  ) : (
                    <Button onClick={() => ask(silo, text.getFirst, { ring: 'canary' })}>{text.getFirst}</Button>
                  )}
                  {silo.pinned === null ? (
                    <Button onClick={() => ask(silo, text.pin, { pinned: true })}>{text.pin}</Button>
                  ) : (
                    <Button onClick={() => ask(silo, text.unpin, { pinned: false })}>{text.unpin}</Button>
                  )}
                </span>
              ),
            },
          ]}
        />
      )}
      {hasNextPage && (
        <Button className="mt-4" onClick={() => fetchNextPage()}>
          {common.more}
        </Button>
      )}
      {wish && (
        <ReasonDialog
          title={wish.title}
          error={set.error}
          busy={set.isPending}
          onReason={(reason) => set.mutate({ wish, reason })}
          onClose={() => setWish(undefined)}
        />
      )}
    </Panel>
  );
}
