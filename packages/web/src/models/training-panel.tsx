import { Check, Circle, CircleDot } from 'lucide-react';
import type { CallOutput } from '../api/client.ts';
import { useNow } from '../dashboard/now.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { Badge } from '../parts/badge.tsx';
import { Panel } from '../parts/panel.tsx';
import { modelsMessages } from './messages.ts';

type Training = NonNullable<CallOutput<'listModels'>['training']>;
type Phase = Training['phases'][number];

/** What a training usually goes through; what there is too little data for is left out, and comparing has its place where it comes. */
const usual = ['reading', 'cutting', 'indexing', 'learning', 'evaluating', 'choosing', 'storing', 'promoting'] as const;

function PhaseLine({ phase, now }: { readonly phase: Phase; readonly now: number }) {
  const { number } = useMessages();
  const text = useText(modelsMessages);
  const seconds = ((phase.endedAt ? Date.parse(phase.endedAt) : now) - Date.parse(phase.startedAt)) / 1000;
  const counts = Object.entries(phase.counts).map(([name, count]) => `${number(count)} ${text.counts[name] ?? name}`);
  const Icon = phase.endedAt ? Check : CircleDot;
  return (
    <li className="grid grid-cols-[1.25rem_1fr_auto] items-baseline gap-x-3 py-1.5">
      <Icon
        aria-hidden="true"
        className={`size-4 self-center ${phase.endedAt ? 'text-good' : 'animate-pulse text-wait'}`}
      />
      <span>
        {text.phases[phase.phase]} <span className="sr-only">({phase.endedAt ? text.ended : text.goesOn})</span>
        {counts.length > 0 && <span className="block text-sm text-soft tabular-nums">{counts.join(' · ')}</span>}
      </span>
      <span className="text-sm text-soft tabular-nums">
        {text.seconds(number(Math.max(0, Math.round(seconds * 10) / 10)))}
      </span>
    </li>
  );
}

/** The training that runs, phase by phase as it gets there; or why the newest one came to nothing. */
export function TrainingPanel({ training }: { readonly training: Training }) {
  const text = useText(modelsMessages);
  const { ago } = useFormat();
  const now = useNow(500);
  const { status, phases, reason } = training;
  if (status === 'succeeded') return null;
  const begun = new Set<string>(phases.map(({ phase }) => phase));
  const toCome = status === 'running' ? usual.filter((phase) => !begun.has(phase)) : [];
  const title = status === 'running' ? text.running : status === 'refused' ? text.refused : text.failed;
  return (
    <Panel
      title={title}
      aside={
        <span className="flex flex-wrap items-center gap-3 text-sm text-soft">
          <Badge>{training.startedBy === 'hand' ? text.byHand : text.bySchedule}</Badge>
          {text.runningSince(ago(training.startedAt, Math.max(now, Date.parse(training.startedAt))))}
        </span>
      }
    >
      {reason && <p className="mb-4 wrap-anywhere text-bad">{reason}</p>}
      <ol aria-live="polite">
        {phases.map((phase) => (
          <PhaseLine key={phase.phase} phase={phase} now={now} />
        ))}
        {toCome.map((phase) => (
          <li key={phase} className="grid grid-cols-[1.25rem_1fr] items-baseline gap-x-3 py-1.5 text-soft">
            <Circle aria-hidden="true" className="size-4 self-center" />
            <span>
              {text.phases[phase]} <span className="sr-only">({text.waits})</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
