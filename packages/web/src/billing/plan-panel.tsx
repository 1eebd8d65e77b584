import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queries } from '../queries.ts';

type Billing = CallOutput<'getBilling'>;

/** The plan, its next date, and the switch between month and year, whose price is shown before it is made. */
export function PlanPanel({ billing, owner }: { readonly billing: Billing; readonly owner: boolean }) {
  const { t, money, date } = useMessages();
  const client = useQueryClient();
  const { plan, subscription } = billing;
  const other = plan?.interval === 'year' ? 'month' : 'year';
  const preview = useMutation({ mutationFn: () => api('previewPlan', { body: { interval: other } }) });
  const change = useMutation({
    mutationFn: () => api('changeInterval', { body: { interval: other } }),
    onSuccess: () => {
      preview.reset();
      return client.invalidateQueries({ queryKey: queries.billing.queryKey });
    },
  });
  const portal = useMutation({
    mutationFn: () => api('createPortal', {}),
    onSuccess: ({ portalUrl }) => window.location.assign(portalUrl),
  });
  if (!plan || !subscription) return null;
  const { trialEnd, endsAt, currentPeriodEnd, status } = subscription;
  return (
    <Panel
      title={t.planTitle}
      aside={
        owner && (
          <Button disabled={portal.isPending} onClick={() => portal.mutate()}>
            {t.openPortal}
          </Button>
        )
      }
    >
      <p>
        <span className="text-2xl font-semibold">{money(plan.price.amount, plan.price.currency)}</span>{' '}
        <span className="text-soft">
          {t.perInterval[plan.interval]} · {plan.tier}
        </span>
      </p>
      <p className="mt-2 text-soft">
        {endsAt
          ? t.planEnds(date(endsAt))
          : status === 'trialing' && trialEnd
            ? t.trialUntil(date(trialEnd))
            : currentPeriodEnd && t.planRenews(date(currentPeriodEnd))}
      </p>
      {owner && !preview.data && (
        <Button className="mt-4" disabled={preview.isPending} onClick={() => preview.mutate()}>
          {t.switchTo[other]}
        </Button>
      )}
      {preview.data && (
        <div className="mt-4 space-y-3 rounded-lg border border-line p-4">
          <p>{t.switchCosts(money(preview.data.nextInvoice.amount, preview.data.currency))}</p>
          <ul className="text-sm text-soft">
            {preview.data.nextInvoice.lines.map(({ description, amount }) => (
              <li key={`${description}${amount}`} className="flex justify-between gap-3">
                <span className="wrap-anywhere">{description}</span>
                <span>{money(amount, preview.data.currency)}</span>
              </li>
            ))}
          </ul>
          <div className="flex gap-3">
            <Button look="strong" disabled={change.isPending} onClick={() => change.mutate()}>
              {t.confirm}
            </Button>
            <Button onClick={() => preview.reset()}>{t.leaveIt}</Button>
          </div>
        </div>
      )}
      {(preview.error ?? change.error ?? portal.error) && (
        <ProblemNotice error={preview.error ?? change.error ?? portal.error} />
      )}
    </Panel>
  );
}
