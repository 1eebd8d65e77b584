import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { api, session } from '../app.ts';
import { StandingNotice } from '../billing/standing-notice.tsx';
import { ExportsPanel } from '../dashboard/exports.tsx';
import { KeysPanel } from '../dashboard/keys.tsx';
import { ModelsPanel } from '../dashboard/models.tsx';
import { RecommendPanel } from '../dashboard/recommend.tsx';
import { SnippetPanel } from '../dashboard/snippet.tsx';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { PageTitle } from '../parts/layout.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

/** The charts are the largest part of the site, and wait until somebody has something to see in them. */
const UsagePanel = lazy(() => import('../dashboard/usage.tsx').then(({ UsagePanel }) => ({ default: UsagePanel })));
const ActivityPanel = lazy(() =>
  import('../dashboard/activity.tsx').then(({ ActivityPanel }) => ({ default: ActivityPanel })),
);

/** Where a member of several companies chooses which one the console shows. */
function CompanySwitch() {
  const { t } = useMessages();
  const client = useQueryClient();
  const me = useQuery(queries.me);
  const change = useMutation({
    mutationFn: (tenantId: string) => api('setActiveTenant', { body: { tenantId: tenantId as `ten_${string}` } }),
    onSuccess: async () => {
      await session.renew();
      client.clear();
      window.location.assign('/console');
    },
  });
  const companies = me.data?.memberships ?? [];
  if (companies.length < 2) return null;
  return (
    <select
      aria-label={t.company}
      className="min-h-10 rounded-lg border border-line bg-panel px-3"
      value={me.data?.activeTenantId ?? ''}
      onChange={(event) => change.mutate(event.target.value)}
    >
      {companies.map(({ tenant }) => (
        <option key={tenant.id} value={tenant.id}>
          {tenant.name}
        </option>
      ))}
    </select>
  );
}

/** Why the shop gets no answers any more, and what to do. */
function SuspendedNotice() {
  const { t } = useMessages();
  return (
    <div role="alert" className="mb-5 space-y-1 rounded-xl border border-wait bg-panel p-5">
      <p className="font-medium">{t.suspendedTitle}</p>
      <p className="text-soft">{t.suspendedText}</p>
    </div>
  );
}

/** What the owner should do about the billing. */
function BillingNotice() {
  const billing = useQuery(queries.billing);
  return billing.data ? <StandingNotice billing={billing.data} owner={true} /> : null;
}

/** Tells staff whose console this is, and lets it go again. */
function ImpersonationNotice({ until, tenantId }: { readonly until: string; readonly tenantId: `ten_${string}` }) {
  const { t } = useMessages();
  const tenant = useQuery(queries.tenant);
  const end = useMutation({
    mutationFn: () => api('endImpersonation', { params: { tenantId } }),
    onSuccess: async () => {
      await session.renew();
      window.location.assign('/');
    },
  });
  const time = new Date(until).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return (
    <div
      role="status"
      className="mb-5 flex flex-wrap items-center justify-between gap-3 rounded-xl border border-wait bg-panel p-5"
    >
      <p>{t.impersonating(tenant.data?.name ?? tenantId, time)}</p>
      <Button disabled={end.isPending} onClick={() => end.mutate()}>
        {t.endImpersonation}
      </Button>
      {end.error && <ProblemNotice error={end.error} />}
    </div>
  );
}

export function DashboardPage() {
  const { t } = useMessages();
  const me = useQuery(queries.me);
  if (me.isPending) return <Skeleton lines={8} />;
  if (me.error) return <ProblemNotice error={me.error} retry={() => me.refetch()} />;
  const { impersonation } = me.data;
  const membership = me.data.memberships.find(({ tenant }) => tenant.id === me.data.activeTenantId);
  const active = impersonation ? undefined : membership?.tenant;
  // What a viewer may not see is not asked for.
  const viewer = impersonation !== null || membership?.role === 'viewer';
  const owner = impersonation === null && membership?.role === 'owner';
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <PageTitle
          note={
            active && (
              <span className="flex flex-wrap gap-2 text-sm">
                <span className="rounded-full bg-tint px-3 py-0.5">{active.tier}</span>
                <span className="rounded-full bg-tint px-3 py-0.5">{t.statuses[active.status] ?? active.status}</span>
              </span>
            )
          }
        >
          {active?.name ?? t.console}
        </PageTitle>
        <div className="flex flex-wrap items-center gap-3">
          <CompanySwitch />
          {me.data.operator && (
            <Link to="/operator" className="text-sm text-soft underline underline-offset-4">
              {t.operator.toAll}
            </Link>
          )}
          {active && (
            <Link to="/users" className="text-sm text-soft underline underline-offset-4">
              {t.users.title}
            </Link>
          )}
          {owner && (
            <Link to="/billing" className="text-sm text-soft underline underline-offset-4">
              {t.billingTitle}
            </Link>
          )}
          <a href="/register" className="text-sm text-soft underline underline-offset-4">
            {t.newCompany}
          </a>
        </div>
      </div>
      {impersonation && <ImpersonationNotice {...impersonation} />}
      {owner && <BillingNotice />}
      {active?.status === 'suspended' && <SuspendedNotice />}
      <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
        <div className="lg:col-span-2">
          <Suspense fallback={<Skeleton lines={6} />}>
            <ActivityPanel />
          </Suspense>
        </div>
        <div className="lg:col-span-2">
          <Suspense fallback={<Skeleton lines={6} />}>
            <UsagePanel />
          </Suspense>
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          {!viewer && <KeysPanel />}
          <SnippetPanel />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <RecommendPanel />
          <ModelsPanel />
          {owner && <ExportsPanel />}
        </div>
      </div>
    </>
  );
}
