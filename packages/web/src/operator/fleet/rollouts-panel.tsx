import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../../api/client.ts';
import { api } from '../../app.ts';
import { useText } from '../../messages/define.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { Actor } from '../parts/actor.tsx';
import { When } from '../parts/when.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import { fleetMessages } from './messages.ts';
import { rolloutsQuery } from './queries.ts';
import { Waves } from './waves.tsx';

type Rollout = CallOutput<'listRollouts'>['rollouts'][number];

const tones: Readonly<Record<Rollout['status'], Tone>> = {
  running: 'wait',
  succeeded: 'good',
  'rolling-back': 'wait',
  'rolled-back': 'neutral',
  'rollback-failed': 'bad',
};

/** Of what was rolled out the newest success, and what has not ended well, can go back. */
const canGoBack = ({ status }: Rollout, isNewest: boolean): boolean =>
  status === 'succeeded' ? isNewest : status !== 'rolled-back';

/** Rollouts, the newest first, each with its waves; a new one, and the way back. */
export function RolloutsPanel() {
  const text = useText(fleetMessages);
  const client = useQueryClient();
  const toast = useToast();
  const rollouts = useQuery(rolloutsQuery);
  const [asking, setAsking] = useState<'start' | Rollout['id']>();
  const [version, setVersion] = useState('');
  const act = useMutation({
    mutationFn: async ({ what, reason }: { what: 'start' | Rollout['id']; reason: string }) =>
      what === 'start'
        ? api('startRollout', { body: { version, reason } })
        : api('rollBack', { params: { rolloutId: what }, body: { reason } }),
    onSuccess: (_, { what }) => {
      setAsking(undefined);
      toast(what === 'start' ? text.started : text.goesBack);
    },
    onSettled: () => client.invalidateQueries({ queryKey: rolloutsQuery.queryKey }),
  });
  const ask = (what: 'start' | Rollout['id']) => {
    act.reset();
    setAsking(what);
  };
  const list = rollouts.data?.rollouts ?? [];
  return (
    <Panel
      title={text.rollouts}
      aside={
        <Button look="strong" onClick={() => ask('start')}>
          {text.start}
        </Button>
      }
    >
      {rollouts.isPending && <Skeleton lines={4} />}
      {rollouts.error && <ProblemNotice error={rollouts.error} retry={() => rollouts.refetch()} />}
      {rollouts.data && list.length === 0 && <EmptyState title={text.noRollouts}>{text.noRolloutsText}</EmptyState>}
      <ol className="divide-y divide-line">
        {list.map((rollout, index) => (
          <li key={rollout.id} className="space-y-2 py-4">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="flex min-w-0 flex-wrap items-center gap-3">
                <code className="font-medium wrap-anywhere">{rollout.version}</code>
                <Badge tone={tones[rollout.status]}>{text.statuses[rollout.status]}</Badge>
                <span className="min-w-0 text-sm text-soft wrap-anywhere">
                  <When at={rollout.startedAt} /> · {text.from(rollout.from)} · {text.by}{' '}
                  <Actor actor={rollout.startedBy} />
                </span>
              </p>
              {canGoBack(rollout, index === 0) && (
                <Button look="danger" onClick={() => ask(rollout.id)}>
                  {text.back}
                </Button>
              )}
            </div>
            {rollout.reason && <p className="text-sm text-soft wrap-anywhere">{rollout.reason}</p>}
            {rollout.endedAt === null ? (
              <Waves rolloutId={rollout.id} />
            ) : (
              <Ended rolloutId={rollout.id} title={text.details} />
            )}
          </li>
        ))}
      </ol>
      {asking && (
        <ReasonDialog
          title={asking === 'start' ? text.start : text.back}
          error={act.error}
          busy={act.isPending}
          onReason={(reason) => act.mutate({ what: asking, reason })}
          onClose={() => setAsking(undefined)}
        >
          {asking === 'start' && (
            <Field label={text.version} hint={text.startHint}>
              {(ids) => (
                <input
                  {...ids}
                  required
                  autoComplete="off"
                  pattern="[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}"
                  className={inputClass}
                  value={version}
                  onChange={(event) => setVersion(event.target.value)}
                />
              )}
            </Field>
          )}
        </ReasonDialog>
      )}
    </Panel>
  );
}

/** The waves of a rollout that has ended, which are asked for when somebody wants to see them. */
function Ended({ rolloutId, title }: { readonly rolloutId: Rollout['id']; readonly title: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-flex min-h-6 items-center text-sm text-soft">{title}</summary>
      {open && (
        <div className="pt-2">
          <Waves rolloutId={rolloutId} />
        </div>
      )}
    </details>
  );
}
