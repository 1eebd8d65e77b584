import { tenantsIn } from '@tenantry/core/tenant/by-status';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { hasGauge, recordEvidence, recordGauge } from '@tenantry/core/usage/evidence';
import { dayOf, hourOf } from '@tenantry/core/usage/hours';
import { siloMinutes } from '@tenantry/core/usage/silo-minutes';
import { bytesOfObjects, bytesOfTable, storageSteps } from '@tenantry/core/usage/storage';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { forEachTenant } from './each-tenant.ts';

const { Control: all } = ownTables('jobs/measure-usage');
const scopeOf = createScope('jobs/measure-usage', { s3: scopedS3 });

/** Writes down the minutes in which silos were there, and once a day how much is stored. Whom it does not get to comes next time. */
export const handler = (
  _event: unknown,
  context: { awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<{ readonly tenants: number; readonly failed: number; readonly left: number }> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const requestId = context.awsRequestId;
    const work = (measure: (tenant: Tenant, stores: Stores, now: Date) => Promise<void>) =>
      forEachTenant(tenantsIn(all, ['active', 'migrating', 'suspended']), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 60_000,
        work: (tenantId, tenant) => measure(tenant, scopeOf({ tenantId, requestId })['tenant-measurement'], new Date()),
        onFailure: (error, { tenantId }) => log.error('tenant not measured', error, { tenantId }),
      });
    // Minutes first: they pass, while what is stored stays.
    const minutes = await work(measureSilo);
    const storage = await work(measureStorage);
    const tally = {
      tenants: storage.done,
      failed: minutes.failed + storage.failed,
      left: minutes.left + storage.left,
    };
    log.info('usage measured', tally);
    return tally;
  });

type Stores = Scoped<'jobs/measure-usage'>['tenant-measurement'];

async function measureSilo(tenant: Tenant, { Usage }: Stores, now: Date): Promise<void> {
  for (const [hour, ids] of siloMinutes(tenant, now)) {
    await recordEvidence(Usage, { tenantId: tenant.tenantId, meter: 'silo_hours', hour, ids }, now);
  }
}

async function measureStorage(tenant: Tenant, stores: Stores, now: Date): Promise<void> {
  const { tenantId, isolation } = tenant;
  const at = { tenantId, meter: 'storage_gb_hours', hour: `${dayOf(hourOf(now))}T00` } as const;
  if (await hasGauge(stores.Usage, at)) return;
  const { Archive, Models, Exports, SiloEvents } = stores;
  const objects = await bytesOfObjects([
    { ...Archive, prefix: `archive/${tenantId}/` },
    { ...Models, prefix: `models/${tenantId}/` },
    { ...Exports, prefix: `exports/${tenantId}/` },
  ]);
  const rows = isolation === 'silo' ? await bytesOfTable(SiloEvents) : 0;
  await recordGauge(stores.Usage, at, storageSteps(objects + rows), now);
}
