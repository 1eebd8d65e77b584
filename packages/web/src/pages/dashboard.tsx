import { lazy, Suspense } from 'react';
import { useViewer } from '../company/company.ts';
import { ExportsPanel } from '../dashboard/exports.tsx';
import { KeysPanel } from '../dashboard/keys.tsx';
import { ModelsPanel } from '../dashboard/models.tsx';
import { RecommendPanel } from '../dashboard/recommend.tsx';
import { SnippetPanel } from '../dashboard/snippet.tsx';
import { useMessages } from '../messages/context.tsx';
import { Badge } from '../parts/badge.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';

/** The charts are the largest part of the site, and wait until somebody has something to see in them. */
const UsagePanel = lazy(() => import('../dashboard/usage.tsx').then(({ UsagePanel }) => ({ default: UsagePanel })));
const ActivityPanel = lazy(() =>
  import('../dashboard/activity.tsx').then(({ ActivityPanel }) => ({ default: ActivityPanel })),
);

export function DashboardPage() {
  const { t } = useMessages();
  const viewer = useViewer();
  if (!viewer) return <Skeleton lines={8} />;
  const { membership, may } = viewer;
  const active = membership?.tenant;
  return (
    <>
      <PageTitle
        note={
          active && (
            <span className="flex flex-wrap gap-2">
              <Badge>{active.tier}</Badge>
              <Badge>{t.statuses[active.status] ?? active.status}</Badge>
            </span>
          )
        }
      >
        {active?.name ?? t.console}
      </PageTitle>
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
          {may('listApiKeys') && <KeysPanel />}
          <SnippetPanel />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <RecommendPanel />
          <ModelsPanel />
          {may('listExports') && <ExportsPanel />}
        </div>
      </div>
    </>
  );
}
