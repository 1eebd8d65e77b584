import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../app.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { When } from '../parts/when.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import { reconciliationMessages } from './messages.ts';
import { reportQuery } from './queries.ts';

/** What the newest reconciliation found, and another one now. */
export function ReconciliationPage() {
  const { number } = useMessages();
  const text = useText(reconciliationMessages);
  const toast = useToast();
  const { data: report, error, isPending, refetch } = useQuery(reportQuery);
  const [asking, setAsking] = useState<'look' | 'fix'>();
  const run = useMutation({
    mutationFn: (reason: string) => api('startReconciliation', { body: { fix: asking === 'fix', reason } }),
    onSuccess: () => {
      setAsking(undefined);
      toast(text.started);
    },
  });
  const ask = (what: 'look' | 'fix') => {
    run.reset();
    setAsking(what);
  };
  const checked = report ? Object.values(report.checked).reduce((sum, count) => sum + count, 0) : 0;
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          <>
            <Button onClick={() => ask('look')}>{text.run}</Button>
            <Button onClick={() => ask('fix')}>{text.runFix}</Button>
          </>
        }
      >
        {text.title}
      </PageTitle>
      {isPending && <Skeleton lines={6} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {report && report.endedAt === null && (
        <EmptyState
          title={text.never}
          action={
            <Button look="strong" onClick={() => ask('look')}>
              {text.run}
            </Button>
          }
        >
          {text.neverText}
        </EmptyState>
      )}
      {report?.endedAt && (
        <Panel title={text.newest}>
          <p className="mb-4 text-sm text-soft">
            {text.finished} <When at={report.endedAt} /> · {text.checked(number(checked))}
          </p>
          {report.findings.length === 0 && <EmptyState title={text.none}>{text.noneText}</EmptyState>}
          {report.findings.length > 0 && (
            <DataTable
              label={text.newest}
              rows={report.findings}
              rowKey={({ kind, resource }) => `${kind} ${resource}`}
              columns={[
                {
                  title: text.kind,
                  cell: ({ kind, resource, tenantId }) => (
                    <>
                      <span className="font-medium">{kind}</span>
                      <code className="block max-w-xs text-soft wrap-anywhere">{resource}</code>
                      {tenantId && (
                        <Link
                          to="/operator/$tenantId"
                          params={{ tenantId }}
                          className="text-soft underline underline-offset-4"
                        >
                          {text.company}
                        </Link>
                      )}
                    </>
                  ),
                },
                {
                  title: text.problem,
                  cell: ({ problem, mended }) => (
                    <>
                      <span className="block max-w-sm wrap-anywhere">{problem}</span>
                      {mended && <Badge tone="good">{text.mended}</Badge>}
                    </>
                  ),
                },
                {
                  title: text.command,
                  cell: ({ command }) =>
                    command ? (
                      <div className="flex flex-wrap items-center gap-2">
                        <code className="max-w-sm text-xs wrap-anywhere">{command}</code>
                        <CopyButton text={command} />
                      </div>
                    ) : (
                      text.byHand
                    ),
                },
              ]}
            />
          )}
          {report.findingsLeftOut > 0 && <p className="mt-3 text-soft">{text.others(report.findingsLeftOut)}</p>}
        </Panel>
      )}
      {asking && (
        <ReasonDialog
          title={asking === 'fix' ? text.runFix : text.run}
          error={run.error}
          busy={run.isPending}
          onReason={(reason) => run.mutate(reason)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}
