import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { TimelineStep } from '@tenantry/core/contract/tenant';
import { useEffect } from 'react';
import { api, session } from '../app.ts';
import { JourneySteps } from '../journey/journey-steps.tsx';
import { journeyMessages } from '../journey/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

const marks = {
  waiting: { sign: '○', tone: 'text-soft' },
  running: { sign: '◐', tone: 'text-wait' },
  succeeded: { sign: '✓', tone: 'text-good' },
  failed: { sign: '✕', tone: 'text-bad' },
} as const;

/** One step of what a company is taken through. */
export function Step({ step }: { readonly step: TimelineStep }) {
  const { number } = useMessages();
  const text = useText(journeyMessages);
  const { sign, tone } = marks[step.outcome];
  const took =
    step.startedAt && step.endedAt ? (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000 : undefined;
  const usual =
    step.usualSeconds < 60
      ? text.seconds(number(step.usualSeconds))
      : text.minutes(number(Math.round(step.usualSeconds / 60)));
  return (
    <li className="grid grid-cols-[2rem_1fr_auto] items-baseline gap-x-3 border-b border-line py-4 last:border-0">
      <span
        aria-hidden="true"
        className={`text-center text-xl ${tone} ${step.outcome === 'running' ? 'animate-pulse' : ''}`}
      >
        {sign}
      </span>
      <span className={step.outcome === 'waiting' ? 'text-soft' : 'font-medium'}>
        {text.stepTitles[step.step] ?? step.title} <span className="sr-only">({text.stepOutcome[step.outcome]})</span>
        {text.stepTexts[step.step] && (
          <span className="block text-sm font-normal text-soft">{text.stepTexts[step.step]}</span>
        )}
      </span>
      <span className="text-sm text-soft tabular-nums">
        {took === undefined
          ? text.usually(usual)
          : text.seconds(took < 0.1 ? `< ${number(0.1)}` : number(Math.round(took * 10) / 10))}
      </span>
      {step.undo && (
        <span className="col-start-2 text-sm text-soft wrap-anywhere">
          {text.stepUndo[step.undo.outcome]}
          {step.undo.reason && `: ${step.undo.reason}`}
        </span>
      )}
      {step.reason && (
        <span className={`col-start-2 text-sm wrap-anywhere ${step.outcome === 'failed' ? 'text-bad' : 'text-soft'}`}>
          {step.reason}
        </span>
      )}
    </li>
  );
}

/** The set-up of a company as it happens. Leaving and coming back shows the same. */
export function OnboardingPage() {
  const paid = useSearch({ strict: false }).paid !== undefined;
  const text = useText(journeyMessages);
  const client = useQueryClient();
  const onboarding = useQuery({
    ...queries.onboarding,
    refetchInterval: ({ state }) => (state.data?.status === 'active' ? false : 1000),
  });
  const retry = useMutation({ mutationFn: () => api('retryOnboarding', {}) });
  // A retry begins a moment after it was accepted; until then the failed attempt is old news.
  const shown = retry.data && (onboarding.data?.run ?? 0) < retry.data.run ? retry.data : onboarding.data;
  const checkout = useMutation({
    mutationFn: () => api('createCheckout', {}),
    onSuccess: ({ checkoutUrl }) => window.location.assign(checkoutUrl),
  });
  const status = shown?.status;
  useEffect(() => {
    // The token says the old status; what comes next wants the new one.
    if (status === 'active')
      void session.renew().then(() => client.invalidateQueries({ queryKey: queries.me.queryKey }));
  }, [status, client]);

  if (!shown && onboarding.isPending) return <Skeleton lines={6} />;
  if (onboarding.error) return <ProblemNotice error={onboarding.error} retry={() => onboarding.refetch()} />;
  const waitingForPayment = status === 'pending';
  const takenBack = shown?.steps.some(({ undo }) => undo !== null) ?? false;
  const note = waitingForPayment
    ? paid
      ? text.onboardingJustPaid
      : text.onboardingPendingText
    : status === 'failed' && takenBack
      ? text.onboardingFailedText
      : undefined;
  const title = waitingForPayment
    ? text.onboardingPending
    : status === 'failed'
      ? text.onboardingFailed
      : status === 'active'
        ? text.onboardingDone
        : takenBack
          ? text.onboardingUndoing
          : text.onboardingTitle;
  return (
    <>
      <JourneySteps at={waitingForPayment ? 'payment' : 'setup'} />
      <PageTitle note={note}>{title}</PageTitle>
      <div className="max-w-2xl space-y-6">
        <ol aria-live="polite" className="rounded-xl border border-line bg-panel px-5">
          {shown?.steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
        {waitingForPayment && !paid && (
          <Button look="strong" disabled={checkout.isPending} onClick={() => checkout.mutate()}>
            {text.continueToPayment}
          </Button>
        )}
        {status === 'failed' && (
          <Button look="strong" disabled={retry.isPending} onClick={() => retry.mutate()}>
            {text.retry}
          </Button>
        )}
        {status === 'active' && (
          <div className="flex flex-wrap gap-3">
            <Button look="strong" onClick={() => window.location.assign('/connect')}>
              {text.toShop}
            </Button>
            <Button onClick={() => window.location.assign('/dashboard')}>{text.openDashboard}</Button>
          </div>
        )}
        {(retry.error ?? checkout.error) && <ProblemNotice error={retry.error ?? checkout.error} />}
      </div>
    </>
  );
}
