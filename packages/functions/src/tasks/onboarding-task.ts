import type { Table } from '@tenantry/core/control/table';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { journeyNames, type Step } from '@tenantry/core/provisioning/steps';
import { endStep, startStep } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import type { TenantTables } from '@tenantry/core/tenant/change';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import type { Scope } from '../scoped/client-cache.ts';
import { isTransient, messageOf, RetryableError } from './retryable.ts';

const taskInputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  run: z.int().positive(),
  /** What the step is a part of. */
  journey: z.enum(journeyNames).default('onboarding'),
  /** Of a change of tier: the request, which may have been replaced by another. */
  changeId: z.string().optional(),
  action: z.string().optional(),
});
export type TaskInput = z.infer<typeof taskInputSchema>;

/** What tasks get that begin a run of the onboarding, or end it. */
export const executionInput = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  run: z.int().positive(),
  /** The name of the execution. */
  execution: z.string(),
});

/** What a task tells the state machine: `ready: false` makes it wait and ask again. */
export interface TaskOutcome {
  readonly ready: boolean;
  /** What it waits for, shown on the timeline. */
  readonly reason?: string;
  readonly [key: string]: unknown;
}

/** Gives the registry of the tenant that a task is about. */
export type LifecycleScope = (scope: Scope) => {
  readonly 'tenant-lifecycle': { readonly Control: Table; readonly Audit: Table };
};

export function lifecycleTables(scopeOf: LifecycleScope, scope: Scope): TenantTables {
  const { Control, Audit } = scopeOf(scope)['tenant-lifecycle'];
  return { control: Control, auditTable: Audit.name };
}

/** @throws {Error} when the change of tier, for which a step is taken, was replaced by another request, or the onboarding is taken back */
async function assertCurrent(control: Table, step: Step, input: TaskInput): Promise<void> {
  // What begins a run finds out by itself.
  if (step === 'begin') return;
  const { migration, compensation, status, run } = await loadTenant(control, input.tenantId);
  if (input.journey === 'tier-change') {
    if (migration?.changeId !== input.changeId) throw new Error('The change of tier was replaced by another request.');
  } else if (compensation || status === 'failed' || run !== input.run) {
    throw new Error('The onboarding failed elsewhere, and is being taken back.');
  }
}

/**
 * Makes a task of the onboarding, or of a change of tier: reads its input, keeps its step on the timeline, and turns errors that pass into
 * retries. The step ends when the work says `ready`.
 */
export function onboardingTask(
  step: Step,
  scopeOf: LifecycleScope,
  work: (input: TaskInput, tables: TenantTables, at: Date, requestId: string) => Promise<TaskOutcome>,
) {
  return (event: unknown, context: { awsRequestId: string }): Promise<TaskOutcome> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const input = taskInputSchema.parse(event);
      const { tenantId, run, journey } = input;
      logTenant(tenantId);
      const tables = lifecycleTables(scopeOf, { tenantId, requestId: context.awsRequestId });
      const { control } = tables;
      const ofRun = () => ({ tenantId, journey, run, step, at: new Date() });
      await assertCurrent(control, step, input);
      await startStep(control, ofRun());
      try {
        const outcome = await work(input, tables, new Date(), context.awsRequestId);
        if (outcome.ready) await endStep(control, ofRun(), { outcome: 'succeeded' });
        else await startStep(control, ofRun(), outcome.reason);
        log.info(`${journey} step`, { step, ready: outcome.ready, reason: outcome.reason });
        return outcome;
      } catch (error) {
        log.error(`${journey} step failed`, error, { step });
        const reason = reasonOf({ Cause: messageOf(error) });
        if (isTransient(error)) {
          await startStep(control, ofRun(), `Trying again: ${reason}`);
          throw new RetryableError(reason, { cause: error });
        }
        await endStep(control, ofRun(), { outcome: 'failed', reason });
        throw error;
      }
    });
}
