import { gateProblem } from '@tenantry/core/fleet/gate';
import { loadRollout, notRunning } from '@tenantry/core/fleet/rollout';
import { findRolloutTenant, noteOutcome } from '@tenantry/core/fleet/rollout-tenants';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { createSiloClient, readCounters } from '../silo-client.ts';
import { rolloutTenantInput } from './fleet-task.ts';
import { tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/fleet-gate');
const { Control: fleet } = ownTables('tasks/fleet-gate');

/** The load balancer leads each to some replica; more than the fewest replicas that a tier has. */
const SAMPLES = 5;

/** Asks a silo for recommendations, and for what it has counted, by the way that shoppers' requests take. */
export const handler = tenantTask(
  'silo gate',
  z.object(rolloutTenantInput),
  async ({ rolloutId, tenantId }, requestId) => {
    const [rollout, row, tenant] = await Promise.all([
      loadRollout(fleet, rolloutId),
      findRolloutTenant(fleet, { rolloutId, tenantId }),
      loadTenant(scopeOf({ tenantId, requestId })['tenant-registry'].Control, tenantId),
    ]);
    if (rollout.status !== 'running') throw notRunning(rolloutId);
    // Nothing answers for a tenant that is not served.
    if (!row || row.outcome === 'skipped' || tenant.status !== 'active') return { ready: true };
    const { siloEndpoint, siloAccessToken } = tenant;
    if (!siloEndpoint || !siloAccessToken) throw new Error('The silo has no endpoint.');
    const silo = { ...siloEndpoint, accessToken: siloAccessToken };
    const ask = createSiloClient();
    try {
      const counters = [];
      // Replicas take turns: asked by turns, one would answer every list and another tell every count.
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        await ask(silo, { shopperId: 'rollout-probe', limit: 1 });
      }
      for (let sample = 0; sample < SAMPLES; sample += 1) counters.push(await readCounters(silo));
      const problem = gateProblem(counters, rollout.version);
      if (problem) return { ready: false, reason: problem };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ready: false, reason: `It does not answer as it should: ${why}` };
    }
    await noteOutcome(fleet, { rolloutId, tenantId }, { outcome: 'healthy', at: new Date() });
    return { ready: true };
  },
);
