import { createRoute, Navigate } from '@tanstack/react-router';
import { useViewer } from '../company/company.ts';
import { CompanySwitch } from '../company/company-switch.tsx';
import { CompanyNotices } from '../company/notices.tsx';
import { useText } from '../messages/define.ts';
import { navigationMessages } from '../navigation/messages.ts';
import { consoleSections } from '../navigation/pages.ts';
import { ConsoleShell } from '../shell/console-shell.tsx';
import { page } from './page.tsx';
import { signedInRoute } from './root.tsx';

const companyShell = createRoute({
  getParentRoute: () => signedInRoute,
  id: 'company',
  component: function CompanyShell() {
    const text = useText(navigationMessages);
    const viewer = useViewer();
    // Who belongs to no company is led to where they go on.
    if (viewer?.me.memberships.length === 0 && !viewer.me.impersonation) return <Navigate to="/console" replace />;
    return (
      <ConsoleShell
        sections={consoleSections}
        label={text.consoleMenu}
        head={<CompanySwitch />}
        notices={<CompanyNotices />}
      />
    );
  },
});

/** A company's console. The menu that leads here is `navigation/pages.ts`. */
export const companyRoutes = companyShell.addChildren([
  createRoute({
    getParentRoute: () => companyShell,
    path: '/dashboard',
    ...page(() => import('../pages/dashboard.tsx'), 'DashboardPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/live',
    ...page(() => import('../pages/live.tsx'), 'LivePage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/explorer',
    validateSearch: (search): { shopper?: string } =>
      typeof search.shopper === 'string' ? { shopper: search.shopper } : {},
    ...page(() => import('../pages/explorer.tsx'), 'ExplorerPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/models',
    ...page(() => import('../pages/models.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/performance',
    ...page(() => import('../pages/performance.tsx'), 'PerformancePage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/experiments',
    ...page(() => import('../pages/experiments.tsx'), 'ExperimentsPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/connect',
    ...page(() => import('../pages/connect.tsx'), 'ConnectPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/keys',
    ...page(() => import('../pages/keys.tsx'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/usage',
    ...page(() => import('../pages/usage.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/exports',
    ...page(() => import('../pages/exports.tsx'), 'ExportsPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/erasures',
    ...page(() => import('../pages/erasures.tsx'), 'ErasuresPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/catalogue',
    ...page(() => import('../pages/catalogue.tsx'), 'CataloguePage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/rules',
    ...page(() => import('../pages/rules.tsx'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/users',
    ...page(() => import('../pages/users.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/sso',
    ...page(() => import('../pages/sso.tsx'), 'SsoPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/billing',
    ...page(() => import('../pages/billing.tsx'), 'BillingPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/audit',
    ...page(() => import('../pages/audit.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/settings',
    ...page(() => import('../pages/settings.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => companyShell,
    path: '/settings/webhooks',
    ...page(() => import('../pages/webhooks.tsx'), 'WebhooksPage'),
  }),
]);
