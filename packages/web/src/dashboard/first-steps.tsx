import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RouteId } from '@tenantry/core/contract/routes';
import { Check } from 'lucide-react';
import { useViewer } from '../company/company.ts';
import { useFlag } from '../company/flag.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { buttonClass } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { activityQuery, queries } from '../queries.ts';
import { dayBefore } from './figures.ts';
import { dashboardMessages } from './messages.ts';
import { performanceQuery, stepsDays } from './queries.ts';

/** Where each step is done, and the route that it takes: who may not call it is not sent there. */
const places = {
  key: { to: '/connect', needs: 'createApiKey' },
  event: { to: '/connect', needs: 'createApiKey' },
  model: { to: '/models', needs: 'trainModel' },
  list: { to: '/explorer', needs: 'previewRecommendations' },
} as const satisfies Record<string, { readonly to: string; readonly needs: RouteId }>;
type Step = keyof typeof places;

/** What a new company has yet to do until shoppers see lists; nothing once all of it is done. */
export function FirstSteps() {
  const { number } = useMessages();
  const text = useText(dashboardMessages);
  const viewer = useViewer();
  const today = new Date().toISOString().slice(0, 10);
  const keys = useQuery({ ...queries.keys, enabled: viewer?.may('listApiKeys') ?? false });
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const models = useQuery(queries.models);
  const performance = useQuery({
    ...performanceQuery(dayBefore(today, stepsDays - 1), today),
    // Once a list was seen, that stays so.
    refetchInterval: ({ state }) => ((state.data?.days.length ?? 0) > 0 ? false : 15_000),
  });
  if (!activity.data || !models.data || !performance.data) return null;
  const sent = activity.data.archivedEvents > 0;
  const done: Readonly<Record<Step, boolean>> = {
    // Who may not see the keys can tell by what came with one.
    key: sent || (keys.data?.apiKeys.length ?? 0) > 0,
    event: sent,
    model: models.data.models.length > 0,
    list: performance.data.days.length > 0,
  };
  const steps = Object.keys(places) as Step[];
  const count = steps.filter((step) => done[step]).length;
  if (count === steps.length) return null;
  const next = steps.find((step) => !done[step]);
  return (
    <Panel
      title={text.steps}
      aside={<span className="text-sm text-soft">{text.stepsDone(number(count), number(steps.length))}</span>}
    >
      <progress className="sr-only" max={steps.length} value={count} aria-label={text.steps} />
      <ol className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {steps.map((step, index) => (
          <li
            key={step}
            className={`flex flex-col gap-2 rounded-lg border p-4 ${step === next ? 'border-accent' : 'border-line'}`}
          >
            <span className="flex items-center gap-2 font-medium">
              <span
                aria-hidden="true"
                className={`grid size-6 shrink-0 place-items-center rounded-full text-xs ${done[step] ? 'bg-accent text-accent-ink' : 'bg-tint'}`}
              >
                {done[step] ? <Check className="size-3.5" /> : number(index + 1)}
              </span>
              {text.stepTitles[step]}
              <span className="sr-only">({done[step] ? text.stepDone : text.stepOpen})</span>
            </span>
            <span className="text-sm text-soft">{text.stepTexts[step]}</span>
            {step === next && viewer?.may(places[step].needs) && (
              <Link to={places[step].to} className={`${buttonClass('strong')} mt-auto self-start`}>
                {text.toStep[step]}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
