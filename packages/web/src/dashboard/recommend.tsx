import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';

const LIMIT = 10;

/** Asks for the list that a shopper would see now. */
export function RecommendPanel() {
  const { t } = useMessages();
  const [shopperId, setShopperId] = useState('');
  const ask = useMutation({
    mutationFn: () => api('previewRecommendations', { body: { shopperId, limit: LIMIT } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  const best = Math.max(...(ask.data?.items.map(({ score }) => score) ?? [1]), Number.MIN_VALUE);
  return (
    <Panel title={t.recommendTitle}>
      <form onSubmit={submit} className="mb-5 flex flex-wrap items-end gap-3">
        <div className="min-w-52 flex-1">
          <Field label={t.shopper}>
            {(ids) => (
              <input
                {...ids}
                className={inputClass}
                value={shopperId}
                maxLength={128}
                required
                placeholder="shopper-1"
                onChange={(event) => setShopperId(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Button look="strong" type="submit" disabled={ask.isPending}>
          {t.recommend}
        </Button>
      </form>
      {ask.error && <ProblemNotice error={ask.error} />}
      <div aria-live="polite">
        {!ask.data && !ask.error && <p className="text-soft">{t.recommendText}</p>}
        {ask.data && (
          <p className="mb-2 text-sm text-soft">
            {t.servedBy[ask.data.servedBy]} · {t.model(ask.data.modelVersion)}
          </p>
        )}
        {ask.data?.items.length === 0 && <p className="text-soft">{t.recommendEmpty}</p>}
      </div>
      <ol aria-label={t.recommendations} className="space-y-2">
        {ask.data?.items.map((item, rank) => (
          <li key={item.itemId} className="grid grid-cols-[2rem_1fr] gap-x-2 text-sm">
            <span className="text-right text-soft tabular-nums">{rank + 1}</span>
            <span>
              <span className="flex flex-wrap justify-between gap-x-4">
                <span className="font-medium break-all">{item.itemId}</span>
                <span className="text-soft">{t.reasons[item.reason]}</span>
              </span>
              <meter className="mt-1 h-1.5 w-full" min={0} max={best} value={item.score} aria-hidden="true" />
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
