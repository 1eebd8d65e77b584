import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import { trustOnBehalf } from './grants.ts';
import type { Storage } from './storage.ts';

/** What runs by the clock. */
export function createJobs({ storage, stripe }: { storage: Storage; stripe: StripeAccess }) {
  const expireRegistrations = createFunction('jobs/expire-registrations', {
    storage,
    environment: stripe.environment,
    timeoutSeconds: 60,
  });
  new sst.aws.CronV2('ExpireRegistrations', {
    schedule: 'rate(5 minutes)',
    function: expireRegistrations.arn,
    retries: 2,
    transform: {
      role(args) {
        args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
      },
    },
  });
  const watchHealth = createFunction('jobs/watch-health', { storage, timeoutSeconds: 300 });
  new sst.aws.CronV2('WatchHealth', {
    schedule: 'rate(10 minutes)',
    function: watchHealth.arn,
    retries: 2,
    transform: {
      role(args) {
        args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
      },
    },
  });
  return [expireRegistrations, watchHealth];
}
