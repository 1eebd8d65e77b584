import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import { on, onRows } from './grants.ts';
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
      on(['dynamodb:Query'], $interpolate`${storage.control.arn}/index/gsi1`),
      onRows(
        storage.control,
        ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
        ['TENANT#*', 'SLUG#*', 'USER#*'],
      ),
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
