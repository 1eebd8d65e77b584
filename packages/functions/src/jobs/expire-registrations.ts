import { findBilling } from '@tenantry/core/billing/billing-row';
import { findCheckout } from '@tenantry/core/billing/checkout-row';
import { expireRegistration } from '@tenantry/core/tenant/expiry';
import { findUnpaidTenants } from '@tenantry/core/tenant/registration';
import { log } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { asJob } from './as-job.ts';

const { Control, Audit } = ownTables('jobs/expire-registrations');
const tables = { control: Control, auditTable: Audit.name };
const stripe = stripeFromEnvironment();

/** Ends registrations that were never paid. A payment page that was completed in the last moment wins. */
export const handler = asJob(tables.control, 'expire-registrations', async (): Promise<{ expired: number }> => {
  const now = new Date();
  let expired = 0;
  for (const tenant of await findUnpaidTenants(tables.control, now)) {
    try {
      const [checkout, billing] = await Promise.all([
        findCheckout(tables.control, tenant.tenantId),
        findBilling(tables.control, tenant.tenantId),
      ]);
      if (checkout) {
        const session = await stripe.checkout.sessions.retrieve(checkout.sessionId);
        if (session.status === 'complete') continue;
        if (session.status === 'open') await stripe.checkout.sessions.expire(session.id);
      }
      if (!(await expireRegistration(tables, tenant, now))) continue;
      expired += 1;
      if (billing) await stripe.customers.del(billing.customerId);
    } catch (error) {
      log.error('registration could not be expired', error, { tenantId: tenant.tenantId });
    }
  }
  log.info('registrations expired', { expired });
  return { expired };
});
