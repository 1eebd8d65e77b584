import { Link } from '@tanstack/react-router';
import type { CallOutput } from '../api/client.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { consoleSections } from '../navigation/pages.ts';
import { buttonClass } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { settingsMessages } from './messages.ts';

type Deactivation = NonNullable<CallOutput<'getTenant'>['deactivation']>;

/** What happens when while a company leaves, and what of the console is still of use. */
export function LeavingPanel({ deactivation: { since, until, final } }: { readonly deactivation: Deactivation }) {
  const { date, time } = useMessages();
  const text = useText(settingsMessages);
  const pageNames = useText(navigationMessages).pages;
  const viewer = useViewer();
  const moment = (at: string) => `${date(at)}, ${time(at)}`;
  const steps = [
    { when: moment(since), what: text.leftSince, now: false },
    { when: text.leaveUntil(moment(until)), what: final ? text.leaveUndoOver : text.leaveUndo, now: !final },
    { when: text.leaveAfter(moment(until)), what: text.leaveDeleted, now: final },
  ];
  const open = consoleSections
    .flatMap(({ pages }) => pages)
    .filter(({ to, needs }) => to !== '/dashboard' && viewer?.may(needs))
    // What cannot be had later comes first.
    .toSorted((a, b) => Number(b.name === 'exports') - Number(a.name === 'exports'));
  return (
    <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
      <Panel title={text.leaveSteps}>
        <ol className="space-y-6 border-l-2 border-line pl-5">
          {steps.map(({ when, what, now }) => (
            <li key={when} className="relative" {...(now ? { 'aria-current': 'step' } : {})}>
              <span
                aria-hidden="true"
                className={`absolute top-1.5 -left-[1.7rem] size-3 rounded-full border-2 ${now ? 'border-accent bg-accent' : 'border-line bg-panel'}`}
              />
              <p className="font-medium">{when}</p>
              <p className="text-soft">{what}</p>
            </li>
          ))}
        </ol>
      </Panel>
      {open.length > 0 && (
        <Panel title={text.leaveOpen}>
          <p className="mb-4 text-soft">{text.leaveOpenText}</p>
          <ul className="flex flex-wrap gap-3">
            {open.map(({ name, to, icon: Icon }) => (
              <li key={to}>
                <Link to={to} className={buttonClass(name === 'exports' ? 'strong' : 'plain')}>
                  <Icon aria-hidden="true" className="size-4" />
                  {pageNames[name]}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
