import { Link } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { commandFor, noKey } from '../connect/snippet.ts';
import { EventTable } from '../live/event-table.tsx';
import { liveMessages } from '../live/messages.ts';
import { useLiveEvents } from '../live/queries.ts';
import { matching, shownMax, type Wanted } from '../live/stream.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button, buttonClass } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { NotForYou } from './not-for-you.tsx';

/** Nothing has come yet: how to send something. */
function Quiet() {
  const text = useText(liveMessages);
  const viewer = useViewer();
  return (
    <div className="space-y-5">
      <EmptyState
        title={text.noneTitle}
        action={
          viewer?.may('createApiKey') && (
            <Link to="/connect" className={buttonClass('strong')}>
              {text.toConnect}
            </Link>
          )
        }
      >
        {text.none}
      </EmptyState>
      <CodeBlock label={text.command} text={commandFor(globalThis.location.origin, noKey)} />
    </div>
  );
}

function LiveEvents({ paused }: { readonly paused: boolean }) {
  const { number } = useMessages();
  const text = useText(liveMessages);
  const [wanted, setWanted] = useState<Wanted>({ type: 'all', shopper: '' });
  const live = useLiveEvents(paused);
  const all = live.data?.events ?? [];
  const matched = matching(all, wanted);
  return (
    <Panel title={text.lastHour}>
      {live.isPending && !paused && <Skeleton lines={8} />}
      {live.error && <ProblemNotice error={live.error} retry={() => live.refetch()} />}
      {live.data && all.length === 0 && <Quiet />}
      {all.length > 0 && (
        <div className="space-y-4">
          <div className="flex flex-wrap items-start gap-4">
            {/* As high as the field beside it, which has a label above. */}
            <div className="sm:pt-7">
              <Segmented
                label={text.type}
                options={text.types}
                value={wanted.type}
                onChange={(type) => setWanted({ ...wanted, type })}
              />
            </div>
            <div className="w-full max-w-xs">
              <Field label={text.shopper} hint={text.shopperHint}>
                {(ids) => (
                  <input
                    {...ids}
                    type="search"
                    className={inputClass}
                    maxLength={128}
                    value={wanted.shopper}
                    onChange={({ target }) => setWanted({ ...wanted, shopper: target.value })}
                  />
                )}
              </Field>
            </div>
          </div>
          {matched.length === 0 ? (
            <EmptyState title={text.noMatchTitle}>{text.noMatch(number(all.length))}</EmptyState>
          ) : (
            <EventTable events={matched.slice(0, shownMax)} />
          )}
          {matched.length > shownMax && (
            <p className="text-sm text-soft">{text.newest(number(shownMax), number(matched.length))}</p>
          )}
        </div>
      )}
    </Panel>
  );
}

/** Single events of the company as they arrive. */
export function LivePage() {
  const text = useText(liveMessages);
  const viewer = useViewer();
  const [paused, setPaused] = useState(false);
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('listRecentEvents')) return <NotForYou title={text.title} />;
  const Icon = paused ? Play : Pause;
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          <>
            <span role="status" className="text-sm text-soft">
              {paused ? text.paused : text.running}
            </span>
            <Button onClick={() => setPaused(!paused)}>
              <Icon aria-hidden="true" className="size-4" />
              {paused ? text.resume : text.pause}
            </Button>
          </>
        }
      >
        {text.title}
      </PageTitle>
      <LiveEvents paused={paused} />
    </>
  );
}
