import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { session } from './app.ts';
import { useMessages } from './messages/context.tsx';
import { BillingPage } from './pages/billing.tsx';
import { CallbackPage } from './pages/callback.tsx';
import { ConsolePage } from './pages/console.tsx';
import { DashboardPage } from './pages/dashboard.tsx';
import { InvitationPage } from './pages/invitation.tsx';
import { LandingPage } from './pages/landing.tsx';
import { OnboardingPage } from './pages/onboarding.tsx';
import { OperatorArea, OperatorPage } from './pages/operator.tsx';
import { OperatorCompanyPage } from './pages/operator-company.tsx';
import { RegisterPage } from './pages/register.tsx';
import { UsersPage } from './pages/users.tsx';
import { Layout, PageTitle } from './parts/layout.tsx';
import { Skeleton } from './parts/skeleton.tsx';

/** Its own part of the site: whoever manages a company needs none of it. */
const ShopPage = lazy(() => import('./pages/shop.tsx').then(({ ShopPage }) => ({ default: ShopPage })));

function NotFoundPage() {
  const { t } = useMessages();
  return (
    <>
      <PageTitle>{t.pageNotFound}</PageTitle>
      <Link to="/" className="underline underline-offset-4">
        {t.toStart}
      </Link>
    </>
  );
}

/** Pages below are for signed-in people; others are sent to sign in and come back. */
function SignedIn() {
  const signedIn = session.signedIn();
  useEffect(() => {
    if (!signedIn) void session.start('login', window.location.pathname + window.location.search);
  }, [signedIn]);
  return signedIn ? <Outlet /> : <Skeleton />;
}

const rootRoute = createRootRoute({ component: Layout, notFoundComponent: NotFoundPage });
const landingRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: LandingPage });
const shopRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/shop',
  validateSearch: (search): { key?: string } => (typeof search.key === 'string' ? { key: search.key } : {}),
  component: function DemoShop() {
    return (
      <Suspense fallback={<Skeleton lines={8} />}>
        <ShopPage givenKey={shopRoute.useSearch().key} />
      </Suspense>
    );
  },
});
const callbackRoute = createRoute({ getParentRoute: () => rootRoute, path: '/auth/callback', component: CallbackPage });
const signedInRoute = createRoute({ getParentRoute: () => rootRoute, id: 'signed-in', component: SignedIn });
const consoleRoute = createRoute({ getParentRoute: () => signedInRoute, path: '/console', component: ConsolePage });
const dashboardRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/dashboard',
  component: DashboardPage,
});
const billingRoute = createRoute({ getParentRoute: () => signedInRoute, path: '/billing', component: BillingPage });
const operatorArea = createRoute({ getParentRoute: () => signedInRoute, id: 'operator-area', component: OperatorArea });
const operatorRoute = createRoute({ getParentRoute: () => operatorArea, path: '/operator', component: OperatorPage });
const operatorCompanyRoute = createRoute({
  getParentRoute: () => operatorArea,
  path: '/operator/$tenantId',
  component: function OperatorCompany() {
    return <OperatorCompanyPage tenantId={operatorCompanyRoute.useParams().tenantId} />;
  },
});
const usersRoute = createRoute({ getParentRoute: () => signedInRoute, path: '/users', component: UsersPage });
const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: InvitationPage,
});
const registerRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/register',
  validateSearch: (search): { tier?: string } => (typeof search.tier === 'string' ? { tier: search.tier } : {}),
  component: function Register() {
    return <RegisterPage preselected={registerRoute.useSearch().tier} />;
  },
});
const onboardingRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/onboarding',
  validateSearch: (search): { paid?: string } => (typeof search.paid === 'string' ? { paid: search.paid } : {}),
  component: function Onboarding() {
    return <OnboardingPage paid={onboardingRoute.useSearch().paid !== undefined} />;
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    landingRoute,
    shopRoute,
    callbackRoute,
    invitationRoute,
    signedInRoute.addChildren([
      consoleRoute,
      dashboardRoute,
      billingRoute,
      usersRoute,
      operatorArea.addChildren([operatorRoute, operatorCompanyRoute]),
      registerRoute,
      onboardingRoute,
    ]),
  ]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
