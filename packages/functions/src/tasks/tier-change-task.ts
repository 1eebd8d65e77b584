import type { Step } from '@tenantry/core/provisioning/steps';
import { endStep, startStep } from '@tenantry/core/provisioning/timeline';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import type { TenantTables } from '@tenantry/core/tenant/change';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import type { TierChangeStep } from '@tenantry/core/tier-change/steps';
import { isMigrating, type MigratingTenant } from '@tenantry/core/tier-change/tier-change';
import * as z from 'zod';
import { isTransient } from './retryable.ts';
import { changeInput } from './tenant-task.ts';

/** What every task of a change of tier is given. */
export const tierChangeInput = {
  ...changeInput,
  /** Which of the tenant's changes of tier it is. */
  run: z.int().positive(),
} as const;

/** The tenant, as long as this request is the newest. */
export const currentMove = (tenant: Tenant, changeId: string): MigratingTenant | undefined =>
  isMigrating(tenant) && tenant.migration.changeId === changeId && !tenant.deactivation?.final ? tenant : undefined;

/** @throws {Error} when there is a newer request */
export async function loadMove(
  { control }: TenantTables,
  { tenantId, changeId }: { readonly tenantId: Tenant['tenantId']; readonly changeId: string },
): Promise<MigratingTenant> {
  const tenant = currentMove(await loadTenant(control, tenantId), changeId);
  if (!tenant) throw new Error('The change of tier was replaced by another request.');
  return tenant;
}

/** Keeps a step on the timeline while its work is done. The step ends when the work says `done`. */
export async function onTimeline<T extends { readonly done: boolean }>(
  { control }: TenantTables,
  { tenantId, run }: { readonly tenantId: Tenant['tenantId']; readonly run: number },
  step: TierChangeStep & Step,
  work: () => Promise<T>,
): Promise<T> {
  const ofRun = () => ({ tenantId, journey: 'tier-change' as const, run, step, at: new Date() });
  await startStep(control, ofRun());
  try {
    const outcome = await work();
    if (outcome.done) await endStep(control, ofRun(), { outcome: 'succeeded' });
    return outcome;
  } catch (error) {
    const reason = reasonOf({ Cause: error instanceof Error ? error.message : String(error) });
    if (isTransient(error)) await startStep(control, ofRun(), `Trying again: ${reason}`);
    else await endStep(control, ofRun(), { outcome: 'failed', reason });
    throw error;
  }
}
