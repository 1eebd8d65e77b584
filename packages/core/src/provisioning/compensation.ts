import type { StepUndo } from '../contract/tenant.ts';
import { DomainError } from '../errors/domain-error.ts';
import { changeStatus, changeTenant, type TenantTables } from '../tenant/change.ts';
import { type Compensation, loadTenant, type Tenant } from '../tenant/tenant.ts';
import { provisioner, type Run } from './lifecycle.ts';
import { type UndoableStep, undoableSteps } from './steps.ts';
import { recordUndo, stepsToUndo } from './timeline.ts';

/** How long after a run began to be taken back one of its tasks may still make something: as long as a task may take. */
const SETTLES_AFTER_MS = 60_000;

/** A tenant whose onboarding is being taken back. */
export type CompensatingTenant = Tenant & { readonly status: 'provisioning'; readonly compensation: Compensation };

export const isCompensating = (tenant: Tenant): tenant is CompensatingTenant =>
  tenant.status === 'provisioning' && tenant.compensation !== undefined;

/** From when on none of the run's tasks can still make anything. */
export const settledAt = ({ since }: Compensation): Date => new Date(Date.parse(since) + SETTLES_AFTER_MS);

/** What one execution found of a step's things. */
export interface UndoResult {
  readonly outcome: 'done' | 'kept' | 'failed';
  readonly reason: string | null;
}

/**
 * Begins to take a failed run back. The tenant stays `provisioning` until that has ended, so that nobody tries again before, and none of the
 * run's tasks goes on. Repeating it is safe.
 * @param execution names who takes it back
 * @returns undefined when there is nothing to take back for this execution: the run never began, has ended, or another execution sees to it
 */
export async function beginCompensation(
  tables: TenantTables,
  { tenantId, run }: Run,
  { execution, reason }: { readonly execution: string; readonly reason: string },
  at: Date,
): Promise<CompensatingTenant | undefined> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.run !== run || tenant.status !== 'provisioning') return undefined;
  if (isCompensating(tenant)) return tenant.compensation.changeId === execution ? tenant : undefined;
  return compensate(tables, tenant, { changeId: execution, reason, everything: false }, at);
}

/**
 * Takes a run back anew that had failed already, or whose taking back came to a halt: whatever an onboarding can make is looked for. Repeating
 * it is safe.
 * @returns undefined for a run that did not come to that
 */
export async function resumeCompensation(
  tables: TenantTables,
  { tenantId, run }: Run,
  execution: string,
  at: Date,
): Promise<CompensatingTenant | undefined> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.run !== run || (tenant.status !== 'failed' && !isCompensating(tenant))) return undefined;
  if (isCompensating(tenant) && tenant.compensation.changeId === execution) return tenant;
  const reason = tenant.compensation?.reason ?? 'The onboarding failed.';
  return compensate(tables, tenant, { changeId: execution, reason, everything: true }, at);
}

async function compensate(
  tables: TenantTables,
  tenant: Tenant,
  change: Pick<Compensation, 'changeId' | 'reason' | 'everything'>,
  at: Date,
): Promise<CompensatingTenant> {
  const compensation: Compensation = { ...change, since: at.toISOString(), left: [], kept: [] };
  const changed = await changeTenant(tables, tenant, {
    to: 'provisioning',
    set: { compensation },
    actor: provisioner,
    at,
    audit: { action: 'onboarding.undoing', details: { run: tenant.run, reason: change.reason } },
  });
  return { ...changed, status: 'provisioning', compensation };
}

/** What of a tenant's onboarding is to be taken back, the last first; the timeline says so. */
export async function undoSteps(
  tables: TenantTables,
  { tenantId, isolation, compensation }: CompensatingTenant,
): Promise<readonly UndoableStep[]> {
  if (isolation === 'pool') return [];
  const steps = compensation.everything ? undoableSteps : [...(await stepsToUndo(tables.control, tenantId)).keys()];
  for (const step of steps) await recordUndo(tables.control, tenantId, step, { outcome: 'running', reason: null });
  return steps;
}

/**
 * `provisioning` → `failed`, with the reason in the audit log. What could not be taken back is remembered with the tenant. A run that another has
 * overtaken changes nothing, nor does one that has made the tenant active, for which only the answer was lost.
 * @param failed.results what the execution found of the steps that it was to take back
 * @throws {DomainError} `conflict` while another run is under way
 */
export async function failProvisioning(
  tables: TenantTables,
  { tenantId, run }: Run,
  failed: {
    readonly execution: string;
    readonly reason: string;
    readonly results: { readonly [S in UndoableStep]?: UndoResult | undefined };
    /** Of steps that it never came to. */
    readonly problem: string;
  },
  at: Date,
): Promise<void> {
  const present = await loadTenant(tables.control, tenantId);
  const ended = present.status === 'failed' || present.status === 'active';
  if (present.run > run || (present.run === run && ended)) return;
  if (present.run === run && isCompensating(present) && present.compensation.changeId !== failed.execution) return;
  const tenant = present.run === run ? present : await begunToFail(tables, present, run, at);

  const results = await recordResults(tables, tenant, failed);
  const of = (outcome: UndoResult['outcome']) => undoableSteps.filter((step) => results.get(step)?.outcome === outcome);
  const [left, kept] = [of('failed'), of('kept')];
  const problem = left.map((step) => results.get(step)?.reason).find(Boolean);
  const { reason, execution } = failed;
  await changeTenant(tables, tenant, {
    to: 'failed',
    set: {
      compensation:
        left.length + kept.length > 0
          ? {
              changeId: execution,
              reason,
              since: tenant.compensation?.since ?? at.toISOString(),
              everything: false,
              left,
              kept,
              ...(problem ? { problem } : {}),
            }
          : null,
      ...(results.get('silo')?.outcome === 'done' ? { siloEndpoint: null, siloAccessToken: null } : {}),
    },
    actor: provisioner,
    at,
    audit: {
      action: 'tenant.status',
      details: {
        from: tenant.status,
        to: 'failed',
        reason,
        ...(of('done').length > 0 ? { undone: of('done').join(', ') } : {}),
        ...(left.length > 0 ? { left: left.join(', ') } : {}),
        ...(kept.length > 0 ? { kept: kept.join(', ') } : {}),
      },
    },
  });
}

/** What became of each step of which something was there, which the timeline says, too. */
async function recordResults(
  { control }: TenantTables,
  { tenantId, isolation }: Tenant,
  { results, problem }: Pick<Parameters<typeof failProvisioning>[2], 'results' | 'problem'>,
): Promise<ReadonlyMap<UndoableStep, UndoResult>> {
  const found = new Map<UndoableStep, UndoResult>();
  if (isolation === 'pool') return found;
  const open = await stepsToUndo(control, tenantId);
  for (const step of undoableSteps) {
    const result = results[step] ?? (open.has(step) ? unresolved(open.get(step), problem) : undefined);
    if (!result) continue;
    found.set(step, result);
    await recordUndo(control, tenantId, step, result);
  }
  return found;
}

/** What is left of a step that this run did not come to: as the last run left it. */
const unresolved = (before: StepUndo | undefined, problem: string): UndoResult =>
  before?.outcome === 'kept'
    ? { outcome: 'kept', reason: before.reason }
    : { outcome: 'failed', reason: before?.reason ?? problem };

/** A run that failed before it began has made nothing, but must still be seen as failed. */
async function begunToFail(tables: TenantTables, tenant: Tenant, run: number, at: Date): Promise<Tenant> {
  if (tenant.status === 'provisioning') throw new DomainError('conflict', 'Another run is under way.');
  return changeStatus(tables, tenant, 'provisioning', { actor: provisioner, at, set: { run, compensation: null } });
}
