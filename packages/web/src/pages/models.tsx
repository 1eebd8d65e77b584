import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { modelsMessages } from '../models/messages.ts';
import { HistoryTable, QualityChart } from '../models/quality-chart.tsx';
import { TrainingPanel } from '../models/training-panel.tsx';
import { VersionsPanel } from '../models/versions-panel.tsx';
import { Button } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { NotForYou } from './not-for-you.tsx';

/** The training that runs, how well each did, which versions there are and which serves. */
export function ModelsPage() {
  const { number } = useMessages();
  const text = useText(modelsMessages);
  const { ago } = useFormat();
  const viewer = useViewer();
  const client = useQueryClient();
  const may = viewer?.may('listModels') ?? false;
  const answer = useQuery({ ...queries.models, enabled: may });
  const train = useMutation({
    mutationFn: () => api('trainModel', {}),
    onSettled: () => client.invalidateQueries({ queryKey: queries.models.queryKey }),
  });
  if (!viewer) return <Skeleton lines={8} />;
  if (!may) return <NotForYou title={text.title} />;
  const { models = [], history = [], training, merge, nextTrainingAt } = answer.data ?? {};
  const running = training?.status === 'running' || train.isPending;
  const trainButton = viewer.may('trainModel') && (
    <Button look="strong" disabled={running} onClick={() => train.mutate()}>
      {running ? text.training : text.train}
    </Button>
  );
  return (
    <>
      <PageTitle note={text.note} actions={trainButton}>
        {text.title}
      </PageTitle>
      <div className="space-y-5">
        {answer.isPending && <Skeleton lines={12} />}
        {answer.error && <ProblemNotice error={answer.error} retry={() => answer.refetch()} />}
        {train.error && <ProblemNotice error={train.error} />}
        {training && <TrainingPanel training={training} />}
        {answer.data && models.length === 0 && !running && (
          <EmptyState title={text.emptyTitle} action={trainButton}>
            {text.empty}
          </EmptyState>
        )}
        {models.length > 0 && <QualityChart history={history} />}
        {models.length > 0 && <VersionsPanel models={models} />}
        <HistoryTable history={history} />
        <div className="space-y-1 text-sm text-soft">
          {merge && <p>{text.merged(number(merge.events), ago(merge.at, Date.now()))}</p>}
          {merge?.problem && <p className="text-bad wrap-anywhere">{text.mergeProblem(merge.problem)}</p>}
          {nextTrainingAt && !running && <p>{text.next(ago(nextTrainingAt, Date.now()))}</p>}
        </div>
      </div>
    </>
  );
}
