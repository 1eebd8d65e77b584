import { useQuery } from '@tanstack/react-query';
import { InvoicesPanel } from '../billing/invoices-panel.tsx';
import { billingMessages } from '../billing/messages.ts';
import { PlanPanel } from '../billing/plan-panel.tsx';
import { StandingNotice } from '../billing/standing-notice.tsx';
import { useViewer, type Viewer } from '../company/company.ts';
import { useText } from '../messages/define.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { NotForYou } from './not-for-you.tsx';

/** What the company pays, what it owes, and what to do about it. */
export function BillingPage() {
  const text = useText(billingMessages);
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  if (!viewer.may('getBilling')) return <NotForYou title={text.title} />;
  return <Billing viewer={viewer} />;
}

function Billing({ viewer: { role, tenant } }: { readonly viewer: Viewer }) {
  const text = useText(billingMessages);
  const billing = useQuery(queries.billing);
  if (billing.isPending) return <Skeleton lines={8} />;
  if (!billing.data) return <ProblemNotice error={billing.error} retry={() => billing.refetch()} />;
  const owner = role === 'owner';
  return (
    <>
      <PageTitle>{text.title}</PageTitle>
      {!owner && <StandingNotice billing={billing.data} owner={false} />}
      <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
        <PlanPanel billing={billing.data} owner={owner} tenantStatus={tenant?.status} />
        {billing.data.subscription && <InvoicesPanel />}
      </div>
    </>
  );
}
