import {
  beginCompensation,
  failProvisioning,
  isCompensating,
  settledAt,
  undoSteps,
} from '@tenantry/core/provisioning/compensation';
import { activateTenant } from '@tenantry/core/provisioning/lifecycle';
import { failOpenStep, onboardingOf } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { executionInput, lifecycleTables, onboardingTask } from './onboarding-task.ts';
import { failureInput, tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/onboarding-finish');

const activate = onboardingTask('finish', scopeOf, async ({ tenantId }, tables, at) => {
  await activateTenant(tables, tenantId, at);
  return { ready: true };
});

const undoneSchema = z
  .object({
    outcome: z.enum(['done', 'kept', 'failed']),
    reason: z.string().nullish(),
    failure: failureInput.optional(),
  })
  .transform(({ outcome, reason, failure }) => ({
    outcome,
    reason: outcome === 'done' ? null : (reason ?? reasonOf(failure ?? {})),
  }))
  .nullish()
  .transform((result) => result ?? undefined);

const inputSchema = executionInput.extend({
  action: z.enum(['undo', 'fail']),
  /** Why the onboarding failed. */
  failure: failureInput,
  /** Why something could not be taken back. */
  undoFailure: failureInput.optional(),
  /** What became of each step that was to be taken back. */
  undone: z.object({ probe: undoneSchema, silo: undoneSchema, storage: undoneSchema }).partial().optional(),
});

/** What a failed run comes to: `undo` begins to take it back and says which steps, `fail` ends that. */
const fail = tenantTask('onboarding failed', inputSchema, async (input, requestId) => {
  const { tenantId, run, execution, failure, action } = input;
  const tables = lifecycleTables(scopeOf, { tenantId, requestId });
  const reason = reasonOf(failure);
  const at = new Date();
  if (action === 'fail') {
    const problem = reasonOf(input.undoFailure ?? {});
    // The timeline first: who sees the company as failed finds the reason there.
    await keepReason(reason, at);
    await failProvisioning(tables, input, { execution, reason, results: input.undone ?? {}, problem }, at);
    return { reason };
  }
  const tenant = await beginCompensation(tables, input, { execution, reason }, at);
  if (!tenant) return { steps: [], settled: at.toISOString(), cause: failure };
  if (!tenant.compensation.everything) await keepReason(reason, at);
  const steps = await undoSteps(tables, tenant);
  return { steps, settled: settledAt(tenant.compensation).toISOString(), cause: failure };

  /** Puts the reason on the timeline, unless the task that failed has said it, or another execution sees to it. */
  async function keepReason(why: string, when: Date): Promise<void> {
    const present = await loadTenant(tables.control, tenantId);
    if (isCompensating(present) && present.compensation.changeId !== execution) return;
    await failOpenStep(tables.control, tenantId, onboardingOf({ ...present, run }), why, when);
  }
});

/** Ends the onboarding: `activate`, or what a failed run comes to. */
export const handler = (event: { readonly action?: string }, context: { awsRequestId: string }) =>
  event.action === 'activate' ? activate(event, context) : fail(event, context);
