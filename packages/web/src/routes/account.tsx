import { createRoute } from '@tanstack/react-router';
import { PublicShell } from '../shell/public-shell.tsx';
import { page } from './page.tsx';
import { signedInRoute } from './root.tsx';

const accountShell = createRoute({ getParentRoute: () => signedInRoute, id: 'account', component: PublicShell });

/** The account of a signed-in person, and their way to a company that is set up. */
export const accountRoutes = accountShell.addChildren([
  createRoute({
    getParentRoute: () => accountShell,
    path: '/account',
    ...page(() => import('../account/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => accountShell,
    path: '/console',
    ...page(() => import('../pages/console.tsx'), 'ConsolePage'),
  }),
  createRoute({
    getParentRoute: () => accountShell,
    path: '/register',
    validateSearch: (search): { tier?: string } => (typeof search.tier === 'string' ? { tier: search.tier } : {}),
    ...page(() => import('../pages/register.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute: () => accountShell,
    path: '/onboarding',
    validateSearch: (search): { paid?: string } => (typeof search.paid === 'string' ? { paid: search.paid } : {}),
    ...page(() => import('../pages/onboarding.tsx'), 'OnboardingPage'),
  }),
]);
