import { announcementRoutes } from './announcements.ts';
import { attributionRoutes } from './attribution.ts';
import { auditRoutes } from './audit.ts';
import { billingRoutes } from './billing.ts';
import { catalogueRoutes } from './catalogue.ts';
import { dataPlaneRoutes } from './data-plane.ts';
import { erasureRoutes } from './erasure.ts';
import { explorerRoutes } from './explorer.ts';
import { exportRoutes } from './export.ts';
import { financeRoutes } from './finance.ts';
import { flagRoutes } from './flags.ts';
import { fleetRoutes } from './fleet.ts';
import { identityRoutes } from './identity.ts';
import { jobRoutes } from './jobs.ts';
import { operatorRoutes } from './operator.ts';
import { publicRoutes } from './public.ts';
import { recentEventRoutes } from './recent-events.ts';
import { reconciliationRoutes } from './reconciliation.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './session.ts';
import { ssoRoutes } from './sso.ts';
import { supportRoutes } from './support.ts';
import { tenantRoutes } from './tenant.ts';
import { tenantWebhookRoutes } from './tenant-webhooks.ts';
import { usageRoutes } from './usage.ts';
import { userRoutes } from './users.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every route of the API by its id. What is not here cannot be deployed. */
export const contract = {
  ...publicRoutes,
  ...sessionRoutes,
  ...identityRoutes,
  ...tenantRoutes,
  ...userRoutes,
  ...ssoRoutes,
  ...usageRoutes,
  ...billingRoutes,
  ...exportRoutes,
  ...erasureRoutes,
  ...tenantWebhookRoutes,
  ...auditRoutes,
  ...dataPlaneRoutes,
  ...catalogueRoutes,
  ...explorerRoutes,
  ...recentEventRoutes,
  ...attributionRoutes,
  ...operatorRoutes,
  ...supportRoutes,
  ...fleetRoutes,
  ...jobRoutes,
  ...flagRoutes,
  ...announcementRoutes,
  ...financeRoutes,
  ...reconciliationRoutes,
  ...webhookRoutes,
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof contract;

export const routes: readonly Route[] = Object.values(contract);

/** The first segments of the paths: `/v1`, `/webhooks`, … What lies below them belongs to the API, the rest of the domain to the site. */
export const pathPrefixes: readonly string[] = [...new Set(routes.map(({ path }) => `/${path.split('/')[1]}`))];
