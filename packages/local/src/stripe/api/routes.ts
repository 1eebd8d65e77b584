import { checkoutSessionRoutes } from './checkout-sessions.ts';
import { couponAndCodeRoutes } from './coupons.ts';
import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { invoicePreviewRoutes } from './invoice-previews.ts';
import { invoiceRoutes } from './invoices.ts';
import { meterRoutes } from './meters.ts';
import { paymentRoutes } from './payments.ts';
import { portalConfigurationRoutes } from './portal-configurations.ts';
import { portalSessionRoutes } from './portal-sessions.ts';
import { priceRoutes } from './prices.ts';
import { productRoutes } from './products.ts';
import type { Route } from './route.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { taxIdRoutes } from './tax-ids.ts';
import { testClockRoutes } from './test-clocks.ts';
import { webhookRoutes } from './webhooks.ts';

/** Everything that the local Stripe answers. What is not here is refused like an address that Stripe does not have. */
export const routes: readonly Route[] = [
  ...customerRoutes,
  ...taxIdRoutes,
  ...couponAndCodeRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...checkoutSessionRoutes,
  ...subscriptionRoutes,
  // Before the routes whose second part is an invoice's id.
  ...invoicePreviewRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...disputeRoutes,
  ...testClockRoutes,
  ...meterRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...webhookRoutes,
];
