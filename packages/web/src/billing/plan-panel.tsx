import { useMutation } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { tierTitle } from '../pricing/tier-title.ts';
import { billingMessages } from './messages.ts';
import { MoveNotice, PlanChange } from './plan-change.tsx';

type Billing = CallOutput<'getBilling'>;

/** The plan, its next date, and the ways to another one. */
export function PlanPanel({
  billing,
  owner,
  tenantStatus,
}: {
  readonly billing: Billing;
  readonly owner: boolean;
  readonly tenantStatus: string | undefined;
}) {
  const { t, money, date } = useMessages();
  const text = useText(billingMessages);
  const { plan, subscription } = billing;
  const portal = useMutation({
    mutationFn: () => api('createPortal', {}),
    onSuccess: ({ portalUrl }) => window.location.assign(portalUrl),
  });
  if (!plan || !subscription) return null;
  const { trialEnd, endsAt, currentPeriodEnd, status } = subscription;
  return (
    <Panel
      title={text.planTitle}
      aside={
        owner && (
          <Button disabled={portal.isPending} onClick={() => portal.mutate()}>
            {text.openPortal}
          </Button>
        )
      }
    >
      <p>
        <span className="text-2xl font-semibold">{money(plan.price.amount, plan.price.currency)}</span>{' '}
        <span className="text-soft">
          {t.perInterval[plan.interval]} · {tierTitle(plan.tier)}
        </span>
      </p>
      <p className="mt-2 text-soft">
        {endsAt
          ? text.planEnds(date(endsAt))
          : status === 'trialing' && trialEnd
            ? text.trialUntil(date(trialEnd))
            : currentPeriodEnd && text.planRenews(date(currentPeriodEnd))}
      </p>
      {status !== 'canceled' && owner && tenantStatus === 'active' && (
        <PlanChange plan={plan} trialing={status === 'trialing'} />
      )}
      {owner && tenantStatus === 'migrating' && <MoveNotice />}
      {portal.error && <ProblemNotice error={portal.error} />}
    </Panel>
  );
}
