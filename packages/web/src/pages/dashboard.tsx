import { useViewer } from '../company/company.ts';
import { ActivityPanel } from '../dashboard/activity.tsx';
import { FiguresPanel } from '../dashboard/figures-panel.tsx';
import { useFirstFigures } from '../dashboard/first-figures.ts';
import { FirstSteps } from '../dashboard/first-steps.tsx';
import { HealthPanel } from '../dashboard/health-panel.tsx';
import { useMessages } from '../messages/context.tsx';
import { Badge } from '../parts/badge.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { tierTitle } from '../pricing/tier-title.ts';
import { LeavingPanel } from '../settings/leaving-panel.tsx';

/** How the shop does: what is still to be done, the figures that matter, what happens now. */
export function DashboardPage() {
  const { t } = useMessages();
  const viewer = useViewer();
  const arrived = useFirstFigures(viewer?.may('getPerformance') ?? false);
  if (!viewer || !arrived) return <Skeleton lines={12} />;
  const { tenant: active, may } = viewer;
  const served = may('getPerformance');
  return (
    <>
      <PageTitle
        note={
          active && (
            <span className="flex flex-wrap gap-2">
              <Badge>{tierTitle(active.tier)}</Badge>
              <Badge>{t.statuses[active.status] ?? active.status}</Badge>
            </span>
          )
        }
      >
        {active?.name ?? t.console}
      </PageTitle>
      <div className="space-y-5">
        {active?.status === 'deactivating' && active.deactivation && (
          <LeavingPanel deactivation={active.deactivation} />
        )}
        {served && <FirstSteps />}
        {served && <FiguresPanel />}
        {may('getActivity') && (
          <div className="grid gap-5 lg:grid-cols-3 lg:items-start">
            <div className="min-w-0 lg:col-span-2">
              <ActivityPanel />
            </div>
            <HealthPanel />
          </div>
        )}
      </div>
    </>
  );
}
