import { SFNClient } from '@aws-sdk/client-sfn';
import { appendStageAudit } from '@tenantry/core/audit/stage-audit';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { readFleet, rolloutIdSchema } from '@tenantry/core/fleet/current';
import { setRing } from '@tenantry/core/fleet/ring';
import { requestRollback, rollbackExecution } from '@tenantry/core/fleet/rollback';
import { listRollouts, loadRollout, startRollout } from '@tenantry/core/fleet/rollout';
import { listRolloutTenants } from '@tenantry/core/fleet/rollout-tenants';
import type { FleetInput } from '@tenantry/core/fleet/state-machine';
import { versionOf } from '@tenantry/core/fleet/version';
import { rolloutDetailView, rolloutView, siloView } from '@tenantry/core/fleet/view';
import { listTenants, tenantPlaceSchema } from '@tenantry/core/operator/tenants';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { startExecution } from '../start-execution.ts';

const environment = readEnvironment({ FLEET_ARN: required, SILO_IMAGE: z.string() });
const initial = versionOf(environment.SILO_IMAGE);
const { Control: control, Audit: audit } = ownTables('api/fleet');
const sfn = new SFNClient({});

const rolloutPlaceSchema = z.strictObject({ rolloutId: rolloutIdSchema });

const start = (name: string, input: FleetInput): Promise<void> =>
  startExecution(sfn, environment.FLEET_ARN, name, input);
const startForward = (rolloutId: string): Promise<void> => start(rolloutId, { rolloutId, direction: 'forward' });

export const handler = createApi('fleet', undefined, {
  listSilos: async ({ query: { status, limit, cursor } }) => {
    const after = cursor ? decodeCursor(cursor, tenantPlaceSchema) : undefined;
    const [{ version }, { tenants, next }] = await Promise.all([
      readFleet(control, initial),
      listTenants(control, { status, limit, after }),
    ]);
    const silos = tenants.filter(({ isolation }) => isolation === 'silo').map((tenant) => siloView(tenant, initial));
    return { version, silos, cursor: next ? encodeCursor(next) : null };
  },
  setSiloRing: async ({ params: { tenantId }, body: { reason: why, ...wish }, actor, now }) => {
    logTenant(tenantId);
    const tenant = await loadTenant(control, tenantId);
    const tables = { control, auditTable: audit.name };
    return siloView(await setRing(tables, tenant, { ...wish, why, current: initial, actor, at: now }), initial);
  },
  startRollout: async ({ body: { version, reason }, actor, now }) => {
    const { rolloutId: underWay } = await readFleet(control, initial);
    // It may be that its start was not heard of; an execution that is there stays as it is.
    if (underWay) await startForward(underWay);
    const rollout = await startRollout(control, { version, initial, actor, at: now });
    await startForward(rollout.rolloutId);
    const details = { rolloutId: rollout.rolloutId, version, reason };
    await appendStageAudit(audit, { actor, action: 'rollout.started', details, at: now });
    return rolloutView(rollout);
  },
  listRollouts: async ({ query: { limit, cursor } }) => {
    const after = cursor ? decodeCursor(cursor, rolloutPlaceSchema).rolloutId : undefined;
    const { rollouts, next } = await listRollouts(control, { limit, after });
    return { rollouts: rollouts.map(rolloutView), cursor: next ? encodeCursor({ rolloutId: next }) : null };
  },
  readRollout: async ({ params: { rolloutId } }) => {
    const [rollout, tenants] = await Promise.all([
      loadRollout(control, rolloutId),
      listRolloutTenants(control, rolloutId),
    ]);
    return rolloutDetailView(rollout, tenants);
  },
  rollBack: async ({ params: { rolloutId }, body: { reason }, actor, now }) => {
    const rollout = await requestRollback(control, rolloutId, { reason, initial, actor });
    await start(rollbackExecution(rollout), { rolloutId, direction: 'back' });
    await appendStageAudit(audit, { actor, action: 'rollout.rolledBack', details: { rolloutId, reason }, at: now });
    return rolloutView(rollout);
  },
});
