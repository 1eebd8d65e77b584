import { rolloutIdSchema } from '@tenantry/core/fleet/current';
import { beginRollback } from '@tenantry/core/fleet/rollback';
import {
  finishRollback,
  finishRollout,
  loadRollout,
  notRunning,
  type Rollout,
  savePlan,
} from '@tenantry/core/fleet/rollout';
import { listRolloutTenants, noteOutcome } from '@tenantry/core/fleet/rollout-tenants';
import { siloStatuses } from '@tenantry/core/fleet/silo-status';
import { fleetActions } from '@tenantry/core/fleet/state-machine';
import { versionOf } from '@tenantry/core/fleet/version';
import { planWaves } from '@tenantry/core/fleet/waves';
import type { Id } from '@tenantry/core/ids/id';
import { listTenants } from '@tenantry/core/operator/tenants';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { rolloutTenantInput, WAY_BACK } from './fleet-task.ts';
import { isTransient, RetryableError } from './retryable.ts';
import { failureInput } from './tenant-task.ts';

const environment = readEnvironment({
  SILO_IMAGE: z.string(),
  /** How long a wave runs a version before its gate. */
  SOAK_SECONDS: z.coerce.number().int().nonnegative(),
});
const { Control: control } = ownTables('tasks/fleet-rollout');

const inputSchema = z.object({
  rolloutId: rolloutIdSchema,
  action: z.enum(fleetActions['fleet-rollout']),
  wave: z.int().optional(),
  tenantId: rolloutTenantInput.tenantId.optional(),
  /** The name of the execution that asks. */
  execution: z.string().optional(),
  failure: failureInput.optional(),
});
type Input = z.infer<typeof inputSchema>;

const PAGE = 100;

/** Every tenant that may have a silo. */
async function tenants(): Promise<readonly Tenant[]> {
  const found: Tenant[] = [];
  for (const status of siloStatuses) {
    let after: Awaited<ReturnType<typeof listTenants>>['next'];
    do {
      const page = await listTenants(control, { status, limit: PAGE, after });
      found.push(...page.tenants);
      after = page.next;
    } while (after);
  }
  return found;
}

/** @throws {DomainError} `conflict` when it is being rolled back */
async function running(rolloutId: Id<'rollout'>): Promise<Rollout> {
  const rollout = await loadRollout(control, rolloutId);
  if (rollout.status !== 'running') throw notRunning(rolloutId);
  return rollout;
}

/** Why a rollout goes back: by the tenant that failed first, where one did. */
async function reasonFor(rolloutId: Id<'rollout'>, failure: Input['failure']): Promise<string> {
  const failed = (await listRolloutTenants(control, rolloutId)).find(({ outcome }) => outcome === 'failed');
  return failed ? `${failed.tenantId}: ${failed.reason ?? 'unknown'}` : reasonOf(failure ?? {});
}

const actions = {
  async begin({ rolloutId }) {
    const { waves, version } = await running(rolloutId);
    if (waves) return {};
    const current = versionOf(environment.SILO_IMAGE);
    const plan = planWaves(await tenants(), { version, current });
    await savePlan(control, rolloutId, plan);
    return { waves: plan.waves.length, skipped: plan.skipped.length };
  },
  async wave({ rolloutId, wave = 0 }) {
    const { waves = [] } = await running(rolloutId);
    const { tenantIds = [] } = waves[wave] ?? {};
    return { last: wave >= waves.length, tenants: tenantIds, soakSeconds: environment.SOAK_SECONDS };
  },
  async finish({ rolloutId }) {
    await finishRollout(control, rolloutId, new Date());
    return {};
  },
  async failTenant({ rolloutId, tenantId, wave = 0, failure }) {
    if (!tenantId) throw new Error('No tenant is named.');
    const back = wave === WAY_BACK;
    const { status } = await loadRollout(control, rolloutId);
    // Whoever still went forward when a rollback began has nothing to say any more.
    if (!back && status !== 'running') return {};
    const outcome = back ? 'notRestored' : 'failed';
    await noteOutcome(control, { rolloutId, tenantId }, { outcome, reason: reasonOf(failure ?? {}), at: new Date() });
    return {};
  },
  async rollBack({ rolloutId, execution = '', failure }) {
    const reason = await reasonFor(rolloutId, failure);
    const mine = await beginRollback(control, rolloutId, { by: execution, reason });
    if (!mine) return { mine, tenants: [] };
    const changed = (await listRolloutTenants(control, rolloutId)).filter(({ outcome }) => outcome !== 'skipped');
    return { mine, tenants: changed.map(({ tenantId }) => tenantId).reverse() };
  },
  async finishRollback({ rolloutId }) {
    const left = (await listRolloutTenants(control, rolloutId)).filter(
      ({ outcome }) => outcome !== 'restored' && outcome !== 'skipped',
    );
    await finishRollback(control, rolloutId, { whole: left.length === 0, at: new Date() });
    return { notRestored: left.length };
  },
  async fail({ rolloutId, execution = '', failure }) {
    // A rollout that could not even begin to go back must not be left as one that runs.
    const reason = await reasonFor(rolloutId, failure);
    if (!(await beginRollback(control, rolloutId, { by: execution, reason }))) return {};
    await finishRollback(control, rolloutId, { whole: false, at: new Date() });
    return {};
  },
} as const satisfies Record<Input['action'], (input: Input) => Promise<object>>;

/** Plans a rollout, tells its waves, and keeps its record. */
export const handler = (event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    const { rolloutId, action } = input;
    try {
      const outcome = await actions[action](input);
      log.info('rollout', { rolloutId, action, ...outcome });
      return outcome;
    } catch (error) {
      log.error('rollout failed', error, { rolloutId, action });
      throw isTransient(error) ? new RetryableError(String(error), { cause: error }) : error;
    }
  });
