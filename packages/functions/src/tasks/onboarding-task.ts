import type { Table } from '@tenantry/core/control/table';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { OnboardingStep } from '@tenantry/core/provisioning/steps';
import { endStep, startStep } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { ownDynamo } from '../scoped/dynamo.ts';

/** Thrown by a task that may simply be run again; the state machine's retry policy goes by this name. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

const taskInputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  run: z.int().positive(),
  action: z.string().optional(),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});
export type TaskInput = z.infer<typeof taskInputSchema>;

/** What a task tells the state machine: `ready: false` makes it wait and ask again. */
export interface TaskOutcome {
  readonly ready: boolean;
  /** What it waits for, shown on the timeline. */
  readonly reason?: string;
  readonly [key: string]: unknown;
}

export interface OnboardingTables {
  readonly control: Table;
  readonly auditTable: string;
}

export function onboardingTables(): OnboardingTables {
  const { CONTROL_TABLE, AUDIT_TABLE } = readEnvironment({ CONTROL_TABLE: required, AUDIT_TABLE: required });
  return { control: { client: ownDynamo(), name: CONTROL_TABLE }, auditTable: AUDIT_TABLE };
}

/** Errors after which trying again helps: throttling, time-outs, and what AWS says of itself. */
const transientNames =
  /Throttl|TooManyRequests|ProvisionedThroughput|TransactionConflict|Timeout|ServiceUnavailable|InternalServer|ECONNREFUSED|ECONNRESET|EPIPE|LimitExceeded/;

function isTransient(error: unknown): boolean {
  if (error instanceof RetryableError) return true;
  if (!(error instanceof Error)) return false;
  const { name, code } = error as Error & { code?: string };
  return transientNames.test(name) || transientNames.test(code ?? '');
}

/**
 * Makes a task of the onboarding: reads its input, keeps its step on the timeline, and turns errors that pass into
 * retries. The step ends when the work says `ready`.
 */
export function onboardingTask(
  step: OnboardingStep,
  tables: OnboardingTables,
  work: (input: TaskInput, at: Date) => Promise<TaskOutcome>,
) {
  return (event: unknown, context: { awsRequestId: string }): Promise<TaskOutcome> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const input = taskInputSchema.parse(event);
      const { tenantId, run } = input;
      logTenant(tenantId);
      const ofRun = () => ({ tenantId, run, step, at: new Date() });
      await startStep(tables.control, ofRun());
      try {
        const outcome = await work(input, new Date());
        if (outcome.ready) await endStep(tables.control, ofRun(), { outcome: 'succeeded' });
        else await startStep(tables.control, ofRun(), outcome.reason);
        log.info('onboarding step', { step, ready: outcome.ready, reason: outcome.reason });
        return outcome;
      } catch (error) {
        log.error('onboarding step failed', error, { step });
        const reason = reasonOf({ Cause: error instanceof Error ? error.message : String(error) });
        if (isTransient(error)) {
          await startStep(tables.control, ofRun(), `Trying again: ${reason}`);
          throw new RetryableError(reason, { cause: error });
        }
        await endStep(tables.control, ofRun(), { outcome: 'failed', reason });
        throw error;
      }
    });
}
