import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Panel } from '../../parts/panel.tsx';
import { When } from '../parts/when.tsx';
import { companyMessages } from './messages.ts';
import { timelineOf } from './timeline.ts';

/** What has happened to a company: the steps that it was taken through and the newest entries of its audit log. */
export function TimelinePanel({ overview }: { readonly overview: CallOutput<'readTenantOverview'> }) {
  const { number } = useMessages();
  const text = useText(companyMessages);
  const happenings = timelineOf(overview);
  return (
    <Panel title={text.timeline}>
      {happenings.length === 0 && <p className="text-soft">{text.noEntries}</p>}
      <ol className="divide-y divide-line text-sm">
        {happenings.map(({ id, at, what, details, seconds, failed }) => (
          <li key={id} className="space-y-1 py-3">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span className={`font-medium ${failed ? 'text-bad' : ''}`}>{what}</span>
              <span className="text-soft">
                <When at={at} />
              </span>
            </div>
            <p className="text-soft wrap-anywhere">
              {details}
              {seconds !== undefined && (
                <>
                  {details && ' · '}
                  {seconds === null ? text.underWay : text.took(number(Math.round(seconds * 10) / 10))}
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
