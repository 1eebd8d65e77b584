import { expireRegistration } from '@tenantry/core/tenant/expiry';
import { findUnpaidTenants } from '@tenantry/core/tenant/registration';
import { readEnvironment, required } from '../environment.ts';
import { log } from '../logging.ts';
import { ownDynamo } from '../scoped/dynamo.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const environment = readEnvironment({ CONTROL_TABLE: required, AUDIT_TABLE: required });
const tables = {
  control: { client: ownDynamo(), name: environment.CONTROL_TABLE },
  auditTable: environment.AUDIT_TABLE,
};
const stripe = stripeFromEnvironment();

/** Ends registrations that were never paid. A payment page that was completed in the last moment wins. */
export async function handler(): Promise<{ expired: number }> {
  const now = new Date();
  let expired = 0;
  for (const tenant of await findUnpaidTenants(tables.control, now)) {
    try {
      if (tenant.checkoutSessionId) {
        const session = await stripe.checkout.sessions.retrieve(tenant.checkoutSessionId);
        if (session.status === 'complete') continue;
        if (session.status === 'open') await stripe.checkout.sessions.expire(session.id);
      }
      if (await expireRegistration(tables, tenant, now)) expired += 1;
    } catch (error) {
      log.error('registration could not be expired', error, { tenantId: tenant.tenantId });
    }
  }
  log.info('registrations expired', { expired });
  return { expired };
}
