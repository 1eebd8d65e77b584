import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { ItemPicture } from '../catalogue/item-picture.tsx';
import { useItems } from '../catalogue/items.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { buttonClass } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { ChoicesForm } from './choices-form.tsx';
import { explorerMessages } from './messages.ts';
import { asCommand, type Choices, requestOf, scenarioNeeds } from './request.ts';

type Listed = Pick<CallOutput<'previewRecommendations'>['items'][number], 'itemId' | 'score' | 'reason' | 'because'>;

/** Items of a list in their order, each with its picture, why it is there, and its score. */
export function ListedItems({ items, label }: { readonly items: readonly Listed[]; readonly label: string }) {
  const { number } = useMessages();
  const text = useText(explorerMessages);
  const known = useItems(items.flatMap(({ itemId, because }) => (because ? [itemId, because] : [itemId])));
  const best = Math.max(...items.map(({ score }) => score), Number.MIN_VALUE);
  const nameOf = (itemId: string): string => known.get(itemId)?.title ?? itemId;
  return (
    <ol aria-label={label} className="divide-y divide-line">
      {items.map(({ itemId, score, reason, because }, rank) => (
        <li key={itemId} className="grid grid-cols-[1.5rem_auto_1fr] items-center gap-x-3 py-3">
          <span className="text-right text-sm text-soft tabular-nums">{number(rank + 1)}</span>
          <ItemPicture item={known.get(itemId)} itemId={itemId} />
          <span className="min-w-0">
            <span className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="font-medium wrap-anywhere">{nameOf(itemId)}</span>
              <span className="text-sm text-soft tabular-nums" title={text.score}>
                {score.toPrecision(3)}
              </span>
            </span>
            <span className="block text-sm text-soft wrap-anywhere">
              {text.reasons[reason]}
              {because && ` · ${text.because(nameOf(because))}`}
              {known.get(itemId)?.available === false && ` · ${text.unavailable}`}
            </span>
            <meter className="mt-1 h-1 w-full" min={0} max={best} value={Math.max(0, score)} aria-hidden="true" />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The list that the choices ask for, and how long the answer took from here. */
export function useList(shopperId: string, choices: Choices) {
  const asked = useDeferredValue(choices);
  const request = requestOf(shopperId, asked);
  const need = scenarioNeeds[asked.scenario];
  return {
    request,
    answer: useQuery({
      queryKey: ['preview', request] as const,
      queryFn: async () => {
        const began = performance.now();
        const list = await api('previewRecommendations', { body: request });
        return { list, millis: performance.now() - began };
      },
      enabled: shopperId !== '' && (need === null || asked.about.trim() !== ''),
      // Another shopper's list must not stand there for a moment.
      placeholderData: (before, query) => (query?.queryKey[1]?.shopperId === shopperId ? before : undefined),
      retry: false,
    }),
  };
}

/** One list with its choices. */
export function ListPanel({
  title,
  shopperId,
  choices,
  onChange,
}: {
  readonly title: string;
  readonly shopperId: string;
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
}) {
  const { t, number } = useMessages();
  const text = useText(explorerMessages);
  const viewer = useViewer();
  const { request, answer } = useList(shopperId, choices);
  const list = answer.data?.list;
  return (
    <Panel title={title} className="min-w-0">
      <ChoicesForm choices={choices} onChange={onChange} />
      <div aria-live="polite" className="mt-5 flex min-h-7 flex-wrap items-center gap-2">
        {list && answer.data && (
          <>
            <Badge>{text.millis(number(Math.round(answer.data.millis)))}</Badge>
            <Badge>{text.servedBy[list.servedBy]}</Badge>
            {list.variant !== 'none' && <Badge>{text.variant(list.variant.split(':').at(-1) ?? list.variant)}</Badge>}
            {list.modelVersion !== 'none' && (
              <span className="text-sm text-soft wrap-anywhere">{t.model(list.modelVersion)}</span>
            )}
          </>
        )}
      </div>
      <div className="mt-3">
        {answer.isLoading && <Skeleton lines={8} />}
        {answer.error && <ProblemNotice error={answer.error} retry={() => answer.refetch()} />}
        {list && !answer.error && list.items.length === 0 && list.modelVersion === 'none' && (
          <EmptyState
            title={text.noModel}
            action={
              viewer?.may('trainModel') && (
                <Link to="/models" className={buttonClass('strong')}>
                  {text.toModels}
                </Link>
              )
            }
          />
        )}
        {list && !answer.error && list.items.length === 0 && list.modelVersion !== 'none' && (
          <EmptyState title={text.recommendEmpty} />
        )}
        {list && !answer.error && <ListedItems items={list.items} label={t.recommendations} />}
      </div>
      <details className="mt-4 text-sm">
        <summary className="inline-flex min-h-6 items-center text-soft">{text.asCode}</summary>
        <div className="mt-3">
          <CodeBlock label={text.asCode} text={asCommand(globalThis.location.origin, request)} />
        </div>
      </details>
    </Panel>
  );
}
