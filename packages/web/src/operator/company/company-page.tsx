import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { PageTitle } from '../../parts/page-title.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { tierTitle } from '../../pricing/tier-title.ts';
import { operatorMessages } from '../messages.ts';
import { overviewQuery } from '../queries.ts';
import { ActionsPanel } from './actions-panel.tsx';
import { InvoicesPanel } from './invoices-panel.tsx';
import { SiloPanel } from './silo-panel.tsx';
import { StandingPanel, UsePanel } from './standing-panels.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';

/** One company as staff sees it: how it stands, what has happened, and what can be done. */
export function CompanyPage() {
  const { tenantId = '' } = useParams({ strict: false });
  const { t } = useMessages();
  const text = useText(operatorMessages);
  const overview = useQuery(overviewQuery(tenantId as `ten_${string}`));
  if (overview.isPending) return <Skeleton lines={8} />;
  if (overview.error) return <ProblemNotice error={overview.error} retry={() => overview.refetch()} />;
  const { tenant, billing, users, finance } = overview.data;
  const problems = [
    tenant.onboardingProblem,
    tenant.deletionProblem,
    tenant.tierChangeProblem,
    tenant.suspension?.problem ?? null,
  ].filter((problem) => problem !== null);
  return (
    <>
      <Link to="/operator" className="text-sm text-soft underline underline-offset-4">
        {text.toAll}
      </Link>
      <PageTitle
        note={
          <span className="flex flex-wrap gap-2 text-sm">
            {[tierTitle(tenant.tier), t.statuses[tenant.status] ?? tenant.status, tenant.slug, tenant.id].map(
              (word) => (
                <span key={word} className="rounded-full bg-tint px-3 py-0.5">
                  {word}
                </span>
              ),
            )}
          </span>
        }
      >
        {tenant.name}
      </PageTitle>
      {tenant.suspension && (
        <p className="mb-5 rounded-xl border border-wait bg-panel p-5">{text.suspendedFor(tenant.suspension.reason)}</p>
      )}
      {problems.map((problem) => (
        <p key={problem} role="alert" className="mb-5 rounded-xl border border-bad bg-panel p-5 text-bad">
          {problem}
        </p>
      ))}
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-2 lg:items-start">
        <div className="lg:col-span-2">
          <ActionsPanel overview={overview.data} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <StandingPanel billing={billing} users={users} />
          <InvoicesPanel tenantId={tenant.id} />
          <UsePanel finance={finance} />
          <UsagePanel tenantId={tenant.id} />
          {tenant.isolation === 'silo' && <SiloPanel tenantId={tenant.id} />}
        </div>
        <TimelinePanel overview={overview.data} />
      </div>
    </>
  );
}
