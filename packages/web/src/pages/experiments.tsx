import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { useViewer } from '../company/company.ts';
import { EndDialog } from '../experiments/end-dialog.tsx';
import { Intervals } from '../experiments/intervals.tsx';
import { experimentMessages } from '../experiments/messages.ts';
import { PlanDialog } from '../experiments/plan-form.tsx';
import { experimentQuery } from '../experiments/queries.ts';
import { scenarioMessages } from '../explorer/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

type Result = CallOutput<'getExperiment'>['results'][number];

/** What the figures say of a variant, in words. */
function Verdict({ result: { verdict, lift, shoppers } }: { readonly result: Result }) {
  const text = useText(experimentMessages);
  const { percent } = useFormat();
  if (verdict === 'first') return <span className="text-soft">{text.verdicts.first}</span>;
  if (shoppers === 0) return <span className="text-soft">{text.verdicts.tooEarly}</span>;
  if (verdict === 'open' || !lift) return <span className="text-wait">{text.verdicts.open}</span>;
  const [least, most] = [Math.abs(lift.low), Math.abs(lift.high)].sort((a, b) => a - b);
  return (
    <span className={verdict === 'better' ? 'text-good' : 'text-bad'}>
      {text.verdicts[verdict](percent(least ?? 0), text.points(percent(most ?? 0)))}
    </span>
  );
}

/** The newest experiment: what its variants came to, whether that tells anything, and the way to the next. */
export function ExperimentsPage() {
  const { number, date } = useMessages();
  const text = useText(experimentMessages);
  const names = useText(scenarioMessages);
  const { percent } = useFormat();
  const viewer = useViewer();
  const may = viewer?.may('getExperiment') ?? false;
  const answer = useQuery({ ...experimentQuery, enabled: may });
  const [open, setOpen] = useState<'plan' | 'end'>();
  if (!viewer) return <Skeleton lines={8} />;
  if (!may) return <NotForYou title={text.title} />;
  const experiment = answer.data?.experiment;
  const results = answer.data?.results ?? [];
  const startButton = viewer.may('startExperiment') && (
    <Button look="strong" onClick={() => setOpen('plan')}>
      {experiment ? text.startAnother : text.start}
    </Button>
  );
  return (
    <>
      <PageTitle note={text.note} actions={experiment?.endedAt && startButton}>
        {text.title}
      </PageTitle>
      {answer.isPending && <Skeleton lines={10} />}
      {answer.error && <ProblemNotice error={answer.error} retry={() => answer.refetch()} />}
      {answer.data && !experiment && (
        <EmptyState title={text.none} action={startButton}>
          {text.noneText}
        </EmptyState>
      )}
      {experiment && (
        <Panel
          title={experiment.plan.name}
          aside={
            <span className="flex flex-wrap items-center gap-3">
              <Badge tone={experiment.endedAt ? 'neutral' : 'good'}>
                {experiment.endedAt ? text.ended : text.running}
              </Badge>
              {!experiment.endedAt && viewer.may('endExperiment') && (
                <Button onClick={() => setOpen('end')}>{text.end}</Button>
              )}
            </span>
          }
        >
          <div className="space-y-6">
            <p className="text-sm text-soft">
              {experiment.endedAt
                ? text.fromTo(date(experiment.startedAt), date(experiment.endedAt))
                : text.since(date(experiment.startedAt))}
              {' · '}
              {text.lists}: {experiment.plan.scenarios?.map((scenario) => names[scenario]).join(', ') ?? text.allLists}
            </p>
            {experiment.endedAt && (
              <p className="font-medium">{experiment.winner ? text.winner(experiment.winner) : text.noWinner}</p>
            )}
            <Intervals results={results} />
            <DataTable
              label={experiment.plan.name}
              rows={results}
              rowKey={({ name }) => name}
              columns={[
                { title: text.variant, cell: ({ name }) => <span className="font-medium">{name}</span> },
                { title: text.shoppers, numeric: true, cell: ({ shoppers }) => number(shoppers) },
                { title: text.clicked, numeric: true, cell: ({ clickedShoppers }) => number(clickedShoppers) },
                {
                  title: text.clickRate,
                  numeric: true,
                  cell: ({ clickRate }) => (clickRate ? percent(clickRate.value) : '–'),
                },
                { title: text.conversions, numeric: true, cell: ({ conversions }) => number(conversions) },
                { title: text.verdict, cell: (result) => <Verdict result={result} /> },
              ]}
            />
          </div>
        </Panel>
      )}
      {open === 'plan' && <PlanDialog onClose={() => setOpen(undefined)} />}
      {open === 'end' && <EndDialog results={results} onClose={() => setOpen(undefined)} />}
    </>
  );
}
