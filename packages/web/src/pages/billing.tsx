import { useQuery } from '@tanstack/react-query';
import { InvoicesPanel } from '../billing/invoices-panel.tsx';
import { billingMessages } from '../billing/messages.ts';
import { PlanPanel } from '../billing/plan-panel.tsx';
import { StandingNotice } from '../billing/standing-notice.tsx';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

/** What the company pays, what it owes, and what to do about it. */
export function BillingPage() {
  const text = useText(billingMessages);
  const me = useQuery(queries.me);
  const billing = useQuery(queries.billing);
  if (me.isPending || billing.isPending) return <Skeleton lines={8} />;
  const failed = me.error ?? billing.error;
  if (failed || !billing.data) return <ProblemNotice error={failed} retry={() => billing.refetch()} />;
  const membership = me.data?.memberships.find(({ tenant }) => tenant.id === me.data?.activeTenantId);
  const owner = me.data?.impersonation === null && membership?.role === 'owner';
  return (
    <>
      <PageTitle>{text.title}</PageTitle>
      {!owner && <StandingNotice billing={billing.data} owner={false} />}
      <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
        <PlanPanel billing={billing.data} owner={owner} tenantStatus={membership?.tenant.status} />
        {billing.data.subscription && <InvoicesPanel />}
      </div>
    </>
  );
}
