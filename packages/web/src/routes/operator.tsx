import { useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { staffSections } from '../navigation/pages.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { ConsoleShell } from '../shell/console-shell.tsx';
import { page } from './page.tsx';
import { signedInRoute } from './root.tsx';

const operatorShell = createRoute({
  getParentRoute: () => signedInRoute,
  id: 'operator',
  /** Nobody but the provider's staff gets as far as asking for what these pages show. */
  component: function OperatorShell() {
    const text = useText(navigationMessages);
    const me = useQuery(queries.me);
    if (me.isPending) return <Skeleton lines={8} />;
    if (me.error) return <ProblemNotice error={me.error} retry={() => me.refetch()} />;
    if (!me.data.operator) return <PageTitle>{text.staffOnly}</PageTitle>;
    return <ConsoleShell sections={staffSections} label={text.staffMenu} />;
  },
});

/** The pages of the provider's staff. The menu that leads here is `navigation/pages.ts`. */
export const operatorRoutes = operatorShell.addChildren([
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator',
    ...page(() => import('../operator/companies/companies-page.tsx'), 'CompaniesPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/jobs',
    ...page(() => import('../operator/jobs/jobs-page.tsx'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/fleet',
    ...page(() => import('../operator/fleet/fleet-page.tsx'), 'FleetPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/announcements',
    ...page(() => import('../operator/announcements/announcements-page.tsx'), 'AnnouncementsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/finance',
    ...page(() => import('../operator/finance/finance-page.tsx'), 'FinancePage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/reconciliation',
    ...page(() => import('../operator/reconciliation/reconciliation-page.tsx'), 'ReconciliationPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/flags',
    ...page(() => import('../operator/flags/flags-page.tsx'), 'FlagsPage'),
  }),
  createRoute({
    getParentRoute: () => operatorShell,
    path: '/operator/$tenantId',
    ...page(() => import('../operator/company/company-page.tsx'), 'CompanyPage'),
  }),
]);
