import { jobNames } from '@tenantry/core/jobs/jobs';
import type { StripeAccess } from './billing.ts';
import { createFunction } from './function.ts';
import type { Schedule } from './schedule.ts';
import type { StageSettings } from './stage.ts';
import type { Storage } from './storage.ts';

/** Metrics on which the program has alarms, which are what an alarm costs by: two of each consumer of a stream, and two of each job. */
const ALARMS = 5 * 2 + jobNames.length * 2;

/** What companies cost and earn, by the day. */
export function createFinance(options: {
  stage: StageSettings;
  storage: Storage;
  stripe: StripeAccess;
  schedule: Schedule;
}) {
  const { stage, storage, stripe, schedule } = options;
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
  schedule('finance', job);
  return job;
}
