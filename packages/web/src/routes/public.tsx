import { createRoute } from '@tanstack/react-router';
import { PublicShell } from '../shell/public-shell.tsx';
import { page } from './page.tsx';
import { rootRoute } from './root.tsx';

const publicShell = createRoute({ getParentRoute: () => rootRoute, id: 'public', component: PublicShell });

/** What anybody may open. */
export const publicRoutes = publicShell.addChildren([
  createRoute({
    getParentRoute: () => publicShell,
    path: '/start',
    validateSearch: (search): { tier?: string } => (typeof search.tier === 'string' ? { tier: search.tier } : {}),
    ...page(() => import('../pages/start.tsx'), 'StartPage'),
  }),
  createRoute({
    getParentRoute: () => publicShell,
    path: '/shop',
    validateSearch: (search): { key?: string } => (typeof search.key === 'string' ? { key: search.key } : {}),
    ...page(() => import('../pages/shop.tsx'), 'ShopPage'),
  }),
  createRoute({
    getParentRoute: () => publicShell,
    path: '/sign-in',
    ...page(() => import('../pages/sign-in.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => publicShell,
    path: '/auth/callback',
    ...page(() => import('../pages/callback.tsx'), 'CallbackPage'),
  }),
  createRoute({
    getParentRoute: () => publicShell,
    path: '/invitation',
    ...page(() => import('../pages/invitation.tsx'), 'InvitationPage'),
  }),
  createRoute({
    getParentRoute: () => publicShell,
    path: '/unsubscribe',
    ...page(() => import('../account/unsubscribe-page.tsx'), 'UnsubscribePage'),
  }),
]);
