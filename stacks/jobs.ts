import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import { onRows } from './grants.ts';
import type { Storage } from './storage.ts';

/** What runs by the clock. */
export function createJobs({ storage, stripe }: { storage: Storage; stripe: StripeAccess }) {
  const expireRegistrations = createFunction('jobs/expire-registrations', {
    environment: {
      CONTROL_TABLE: storage.control.name,
      AUDIT_TABLE: storage.audit.name,
      ...stripe.environment,
    },
    grants: [
      onRows({ arn: $interpolate`${storage.control.arn}/index/gsi1` }, ['dynamodb:Query'], ['STATUS#pending']),
      onRows(storage.control, ['dynamodb:Query', 'dynamodb:UpdateItem'], ['TENANT#*']),
      onRows(storage.control, ['dynamodb:GetItem'], ['SLUG#*']),
      onRows(storage.control, ['dynamodb:DeleteItem'], ['TENANT#*', 'SLUG#*', 'USER#*']),
      onRows(storage.audit, ['dynamodb:PutItem'], ['TENANT#*']),
    ],
    timeoutSeconds: 60,
  });
  new sst.aws.CronV2('ExpireRegistrations', {
    schedule: 'rate(5 minutes)',
    function: expireRegistrations.arn,
    retries: 2,
  });
  return [expireRegistrations];
}
