import { createRouter } from '@tanstack/react-router';
import { accountRoutes } from './routes/account.tsx';
import { companyRoutes } from './routes/company.tsx';
import { operatorRoutes } from './routes/operator.tsx';
import { publicRoutes } from './routes/public.tsx';
import { rootRoute, signedInRoute } from './routes/root.tsx';

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    publicRoutes,
    signedInRoute.addChildren([accountRoutes, companyRoutes, operatorRoutes]),
  ]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
