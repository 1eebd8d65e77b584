import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

/** The trained models and the way to train another. */
export function ModelsPanel() {
  const { t, number, time, date } = useMessages();
  const client = useQueryClient();
  const models = useQuery(queries.models);
  const train = useMutation({
    mutationFn: () => api('trainModel', {}),
    onSettled: () => client.invalidateQueries({ queryKey: queries.models.queryKey }),
  });
  const training = models.data?.training;
  const running = training?.status === 'running' || train.isPending;
  return (
    <Panel
      title={t.modelsTitle}
      aside={
        <Button look="strong" disabled={running} onClick={() => train.mutate()}>
          {running ? t.training : t.trainNow}
        </Button>
      }
    >
      {models.isPending && <Skeleton />}
      {(models.error ?? train.error) && <ProblemNotice error={models.error ?? train.error} />}
      <div aria-live="polite" className="space-y-3">
        {(training?.status === 'failed' || training?.status === 'refused') && (
          <p className="wrap-anywhere text-bad">{t.trainingFailed(training.reason ?? '')}</p>
        )}
        {models.data?.models.length === 0 && <p className="text-soft">{t.modelsEmpty}</p>}
      </div>
      <ul className="divide-y divide-line">
        {models.data?.models.slice(0, 5).map((model) => (
          <li key={model.version} className="py-3">
            <span className="flex flex-wrap items-center justify-between gap-2">
              <code className="text-sm">{model.version}</code>
              {model.serving && <span className="rounded-full bg-tint px-3 py-0.5 text-sm">{t.modelServing}</span>}
            </span>
            <span className="block text-sm text-soft">
              {t.modelFacts(number(model.items), number(model.events))} · {date(model.createdAt)}{' '}
              {time(model.createdAt)}
            </span>
            {model.quality && (
              <span className="block text-sm text-soft">
                {t.modelQuality(`${number(Math.round(100 * model.quality.hr20))}\u00a0%`)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
