import type { JobName } from '@tenantry/core/jobs/jobs';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { hasGauge, recordEvidence, recordGauge } from '@tenantry/core/usage/evidence';
import { dayOf, hourOf } from '@tenantry/core/usage/hours';
import { siloMinutes } from '@tenantry/core/usage/silo-minutes';
import { bytesOfObjects, bytesOfTable, storageSteps } from '@tenantry/core/usage/storage';
import * as z from 'zod';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';
import { forEachTenant, type Tally } from './each-tenant.ts';

const { Control: all } = ownTables('jobs/measure-usage');
const scopeOf = createScope('jobs/measure-usage', { s3: scopedS3 });

const inputSchema = z.object({
  /** Looks at what is stored of those of whom it did not today, instead of at silos. */
  storage: z.boolean().default(false),
});

const jobOf = (event: unknown): JobName =>
  inputSchema.parse(event ?? {}).storage ? 'measure-storage' : 'measure-usage';

/** Writes down the minutes in which silos were there, or how much is stored. Whom it does not get to comes next time. */
export const handler = asJob(
  all,
  jobOf,
  (event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Tally> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const requestId = context.awsRequestId;
      const { storage } = inputSchema.parse(event ?? {});
      const measure = storage ? measureStorage : measureSilo;
      const tally = await forEachTenant(tenantsIn(all, ['active', 'migrating', 'suspended']), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 60_000,
        work: (tenantId, tenant) => measure(tenant, scopeOf({ tenantId, requestId })['tenant-measurement'], new Date()),
        onFailure: (error, { tenantId }) => log.error('tenant not measured', error, { tenantId }),
      });
      log.info('usage measured', { ...tally, storage });
      return tally;
    }),
);

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
