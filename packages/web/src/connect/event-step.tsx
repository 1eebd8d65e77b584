import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useFlag } from '../company/flag.ts';
import { journeyMessages } from '../journey/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { activityQuery, queries } from '../queries.ts';
import { commandFor, noKey } from './snippet.ts';

/** Waits for the shop's first event, and then leads to what its shopper would be shown. */
export function EventStep({ secret }: { readonly secret: string | undefined }) {
  const { number } = useMessages();
  const text = useText(journeyMessages);
  const viewer = useViewer();
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const count = activity.data?.archivedEvents ?? 0;
  const shoppers = useQuery({
    queryKey: ['shoppers'],
    queryFn: () => api('listShoppers', { query: { limit: '12' } }),
    enabled: count > 0 && (viewer?.may('listShoppers') ?? false),
  });
  const shopper = shoppers.data?.shoppers[0]?.shopperId;
  const models = useQuery({ ...queries.models, enabled: count > 0 && (viewer?.may('listModels') ?? false) });
  // Without a model every list is empty, which is no first recommendation.
  const trained = models.data?.models.length !== 0;
  return (
    <Panel title={text.eventTitle}>
      {activity.isPending && <Skeleton lines={3} />}
      {activity.error && <ProblemNotice error={activity.error} />}
      <div aria-live="polite">
        {activity.data && count === 0 && <EmptyState title={text.eventWaiting}>{text.eventWaitingText}</EmptyState>}
        {count > 0 && (
          <div className="space-y-4">
            <p className="flex items-center gap-2 font-medium text-good">
              <CircleCheck aria-hidden="true" className="size-5 shrink-0" />
              {text.eventHere(number(count))}
            </p>
            <p className="text-soft">{trained ? text.eventNext : text.eventTrain}</p>
            <p className="flex flex-wrap gap-3">
              <Link
                to="/models"
                className={`${buttonClass(trained ? undefined : 'strong')} ${trained ? 'order-1' : ''}`}
              >
                {text.toModels}
              </Link>
              <Link
                to="/explorer"
                search={shopper ? { shopper } : {}}
                className={buttonClass(trained ? 'strong' : undefined)}
              >
                {text.toExplorer}
              </Link>
              {viewer?.may('listRecentEvents') && (
                <Link to="/live" className={buttonClass()}>
                  {text.toLive}
                </Link>
              )}
            </p>
          </div>
        )}
      </div>
      {activity.data && count === 0 && (
        <details className="mt-4 text-sm">
          <summary className="inline-flex min-h-6 items-center text-soft">{text.otherWays}</summary>
          <p className="my-3 text-soft">{text.otherWaysText}</p>
          <CodeBlock label={text.otherWays} text={commandFor(globalThis.location.origin, secret ?? noKey)} />
        </details>
      )}
    </Panel>
  );
}
