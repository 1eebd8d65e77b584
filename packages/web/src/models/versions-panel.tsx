import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { queries } from '../queries.ts';
import { modelsMessages } from './messages.ts';

type Model = CallOutput<'listModels'>['models'][number];

/** What the gate found, in words and as the interval of the difference. */
function Gate({ comparison }: { readonly comparison: Model['comparison'] }) {
  const text = useText(modelsMessages);
  const { signedPercent } = useFormat();
  if (!comparison) return <span className="text-soft">{text.gateNone}</span>;
  const { outcome, difference } = comparison;
  return (
    <span className={outcome === 'worse' ? 'text-bad' : outcome === 'notWorse' ? 'text-good' : 'text-soft'}>
      {text.outcome[outcome]}
      {difference && (
        <span className="block whitespace-nowrap text-soft tabular-nums">
          {text.between(signedPercent(difference.low), signedPercent(difference.high))}
        </span>
      )}
    </span>
  );
}

/** The models that there are, and the way back to an older one. */
export function VersionsPanel({ models }: { readonly models: readonly Model[] }) {
  const { number, date, time } = useMessages();
  const text = useText(modelsMessages);
  const { percent, day } = useFormat();
  const viewer = useViewer();
  const client = useQueryClient();
  const toast = useToast();
  const serving = models.find((model) => model.serving)?.version;
  const serve = useMutation({
    mutationFn: ({ version }: { readonly version: string; readonly before: string | undefined }) =>
      api('serveModel', { params: { version } }),
    onSuccess: (_, { version, before }) =>
      toast(text.served(version), before ? () => serve.mutate({ version: before, before: undefined }) : undefined),
    onSettled: () => client.invalidateQueries({ queryKey: queries.models.queryKey }),
  });
  const columns: readonly Column<Model>[] = [
    {
      title: text.version,
      cell: (model) => (
        <span className="block min-w-44">
          <code className="whitespace-nowrap">{model.version}</code>
          <span className="mt-1 flex flex-wrap items-center gap-2">
            {model.serving && <Badge tone="good">{text.serving}</Badge>}
            <span className="text-soft">
              {date(model.createdAt)} {time(model.createdAt)} · {text.madeBy[model.madeBy]}
            </span>
          </span>
        </span>
      ),
    },
    {
      title: text.data,
      cell: ({ events, items, window }) => (
        <span className="block min-w-40">
          {text.eventsOf(number(events), number(items))}
          {window && (
            <span className="block text-soft">
              {day(window.from) === day(window.to) ? day(window.to) : text.between(day(window.from), day(window.to))}
            </span>
          )}
        </span>
      ),
    },
    {
      title: text.quality,
      cell: ({ quality }) =>
        quality ? (
          <span className="whitespace-nowrap tabular-nums">
            {percent(quality.hr20)} · {percent(quality.mrr20)}
            <span className="block text-soft">
              {text.novel}: {percent(quality.novelHr20)}
            </span>
          </span>
        ) : (
          '–'
        ),
    },
    { title: text.gate, cell: ({ comparison }) => <Gate comparison={comparison} /> },
    {
      title: text.size,
      cell: ({ bytes, sha256 }) => (
        <span className="whitespace-nowrap tabular-nums" title={text.hash(sha256)}>
          {number(Math.max(1, Math.round(bytes / 1024)))} KB
          <code className="block text-soft">{sha256.slice(0, 8)}</code>
        </span>
      ),
    },
    ...(viewer?.may('serveModel')
      ? [
          {
            title: text.actions,
            quiet: true,
            cell: (model: Model) =>
              !model.serving && (
                <Button
                  disabled={serve.isPending}
                  aria-label={`${text.serve}: ${model.version}`}
                  className="whitespace-nowrap"
                  onClick={() => serve.mutate({ version: model.version, before: serving })}
                >
                  {text.serve}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <Panel title={text.versions}>
      {serve.error && <ProblemNotice error={serve.error} />}
      <DataTable label={text.versions} columns={columns} rows={models} rowKey={({ version }) => version} />
      <p className="mt-3 max-w-prose text-sm text-soft">{text.legend}</p>
    </Panel>
  );
}
