import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import { domainRecord } from './naming.ts';
import type { Schedule } from './schedule.ts';
import type { Storage } from './storage.ts';

/** What runs by the clock and belongs to no other concern. */
export function createJobs({
  storage,
  stripe,
  schedule,
}: {
  storage: Storage;
  stripe: StripeAccess;
  schedule: Schedule;
}) {
  const expireRegistrations = createFunction('jobs/expire-registrations', {
    storage,
    environment: stripe.environment,
    timeoutSeconds: 60,
  });
  const watchHealth = createFunction('jobs/watch-health', { storage, timeoutSeconds: 300 });
  const checkDomains = createFunction('jobs/check-domains', {
    storage,
    environment: { DOMAIN_RECORD: domainRecord() },
    timeoutSeconds: 300,
  });
  schedule('check-domains', checkDomains);
  schedule('expire-registrations', expireRegistrations);
  schedule('watch-health', watchHealth);
  return [expireRegistrations, watchHealth, checkDomains];
}
