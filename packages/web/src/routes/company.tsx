import { createRoute } from '@tanstack/react-router';
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
]);
