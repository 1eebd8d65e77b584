import { saveHealth } from '@tenantry/core/health/health-row';
import { lookAtHealth } from '@tenantry/core/health/look';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { asJob } from './as-job.ts';
import { forEachTenant, type Tally } from './each-tenant.ts';

const { Control: all } = ownTables('jobs/watch-health');
const scopeOf = createScope('jobs/watch-health');

/** Looks at the health of every company that is served, or was until it was suspended. */
export const handler = asJob(
  all,
  'watch-health',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Tally> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const requestId = context.awsRequestId;
      const tally = await forEachTenant(tenantsIn(all, ['active', 'migrating', 'suspended']), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 30_000,
        work: async (tenantId) => {
          const { Control, Usage } = scopeOf({ tenantId, requestId })['tenant-health'];
          await saveHealth(
            Control,
            tenantId,
            await lookAtHealth({ control: Control, usage: Usage }, tenantId, new Date()),
          );
        },
        onFailure: (error, { tenantId }) => log.error('health not looked at', error, { tenantId }),
      });
      log.info('health looked at', { ...tally });
      return tally;
    }),
);
