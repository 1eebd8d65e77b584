import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import { trustOnBehalf } from './grants.ts';
import type { StageSettings } from './stage.ts';
import type { Storage } from './storage.ts';

/** Alarms that the program makes; they cost by the month. */
const ALARMS = 4;

/** What companies cost and earn, by the day. */
export function createFinance(options: { stage: StageSettings; storage: Storage; stripe: StripeAccess }) {
  const { stage, storage, stripe } = options;
  const job = createFunction('jobs/finance', {
    storage,
    environment: {
      NAT_GATEWAYS: String(stage.silos?.natGateways ?? 0),
      ALARMS: String(ALARMS),
      ...stripe.environment,
    },
    memoryMb: 1024,
    timeoutSeconds: 600,
  });
  new sst.aws.CronV2('Finance', {
    schedule: 'rate(1 hour)',
    function: job.arn,
    retries: 2,
    transform: {
      role(args) {
        args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
      },
    },
  });
  return job;
}
