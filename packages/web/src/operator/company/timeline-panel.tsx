import type { CallOutput } from '../../api/client.ts';
import { auditMessages } from '../../audit/messages.ts';
import { journeyMessages } from '../../journey/messages.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Panel } from '../../parts/panel.tsx';
import { Actor } from '../parts/actor.tsx';
import { When } from '../parts/when.tsx';
import { companyMessages } from './messages.ts';
import { timelineOf } from './timeline.ts';

/** What has happened to a company: the steps that it was taken through and the newest entries of its audit log. */
export function TimelinePanel({ overview }: { readonly overview: CallOutput<'readTenantOverview'> }) {
  const { number } = useMessages();
  const text = useText(companyMessages);
  // What the company itself reads in its log, beside the name by which it is found.
  const titles: Readonly<Record<string, string>> = useText(auditMessages).actions;
  const steps: Readonly<Record<string, string>> = useText(journeyMessages).stepTitles;
  const happenings = timelineOf(overview);
  return (
    <Panel title={text.timeline}>
      {happenings.length === 0 && <p className="text-soft">{text.noEntries}</p>}
      <ol className="divide-y divide-line text-sm">
        {happenings.map(({ id, at, what, title, actor, details, seconds, failed }) => (
          <li key={id} className="space-y-1 py-3">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span className={`font-medium ${failed ? 'text-bad' : ''}`}>
                {titles[what] ?? steps[what] ?? title}
                {titles[what] && <code className="ml-2 text-xs font-normal text-soft">{what}</code>}
              </span>
              <span className="text-soft">
                <When at={at} />
              </span>
            </div>
            <p className="text-soft wrap-anywhere">
              {actor && <Actor actor={actor} roles={overview.roles} />}
              {actor && details && ' · '}
              {details}
              {seconds !== undefined && (
                <>
                  {details && ' · '}
                  {seconds === null
                    ? text.underWay
                    : text.took(seconds < 0.1 ? `< ${number(0.1)}` : number(Math.round(seconds * 10) / 10))}
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
