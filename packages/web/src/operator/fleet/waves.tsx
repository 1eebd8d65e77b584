import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CallOutput } from '../../api/client.ts';
import { useText } from '../../messages/define.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { fleetMessages } from './messages.ts';
import { rolloutQuery, silosQuery } from './queries.ts';

type Rollout = CallOutput<'readRollout'>;
type Outcome = Rollout['tenants'][number]['outcome'];

const tones: Readonly<Record<Outcome, Tone>> = {
  updating: 'wait',
  updated: 'wait',
  healthy: 'good',
  failed: 'bad',
  restored: 'neutral',
  notRestored: 'bad',
  skipped: 'neutral',
};

/** What a company is called, where the list of silos has it; its id otherwise. */
function useSiloName(): (tenantId: string) => string {
  const { data } = useInfiniteQuery({ ...silosQuery(false), refetchInterval: false });
  const silos = data?.pages.flatMap((page) => page.silos) ?? [];
  return (tenantId) => silos.find((silo) => silo.tenantId === tenantId)?.slug ?? tenantId;
}

function Silo({
  rollout,
  tenantId,
}: {
  readonly rollout: Rollout;
  readonly tenantId: Rollout['tenants'][number]['tenantId'];
}) {
  const nameOf = useSiloName();
  const text = useText(fleetMessages);
  const found = rollout.tenants.find((one) => one.tenantId === tenantId);
  // Where it goes back or has ended, no further silo gets the version.
  const outcome = found?.outcome ?? (rollout.status === 'running' ? 'waiting' : 'untouched');
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link to="/operator/$tenantId" params={{ tenantId }} className="wrap-anywhere underline underline-offset-4">
        {nameOf(tenantId)}
      </Link>
      <Badge tone={found ? tones[found.outcome] : 'neutral'}>{text.outcomes[outcome] ?? outcome}</Badge>
      {found?.reason && <span className="text-bad wrap-anywhere">{found.reason}</span>}
    </li>
  );
}

/** What became, or becomes, of each silo of a rollout, wave by wave. */
export function Waves({ rolloutId }: { readonly rolloutId: Rollout['id'] }) {
  const text = useText(fleetMessages);
  const nameOf = useSiloName();
  const { data, error, isPending, refetch } = useQuery(rolloutQuery(rolloutId));
  if (isPending) return <Skeleton lines={3} />;
  if (error) return <ProblemNotice error={error} retry={() => refetch()} />;
  return (
    <ol className="space-y-3 text-sm">
      {data.waves.map(({ name, tenantIds }, index) => (
        <li key={name}>
          <p className="font-medium">{text.wave(index + 1, name)}</p>
          <ul className="mt-1 space-y-1">
            {tenantIds.map((tenantId) => (
              <Silo key={tenantId} rollout={data} tenantId={tenantId} />
            ))}
          </ul>
        </li>
      ))}
      {data.skipped.length > 0 && (
        <li>
          <p className="font-medium">{text.skipped}</p>
          <ul className="mt-1 space-y-1 text-soft">
            {data.skipped.map(({ tenantId, reason }) => (
              <li key={tenantId} className="wrap-anywhere">
                {nameOf(tenantId)} · {reason}
              </li>
            ))}
          </ul>
        </li>
      )}
    </ol>
  );
}
