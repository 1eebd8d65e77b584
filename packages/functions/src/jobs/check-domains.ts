import { recheckDomains } from '@tenantry/core/sso/recheck';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { createTextLookUp } from '../text-records.ts';
import { asJob } from './as-job.ts';
import { forEachTenant, type Tally } from './each-tenant.ts';

const { DOMAIN_RECORD: recordLabel, DNS_SERVER } = readEnvironment({
  DOMAIN_RECORD: required,
  /** Set on a developer's own machine: where text records are asked for. */
  DNS_SERVER: z.string().optional(),
});
const lookUp = createTextLookUp(DNS_SERVER);
/** The function's own role finds tenants and takes back who owns a domain; rows of a company are reached with its credentials. */
const { Control: all } = ownTables('jobs/check-domains');
const scopeOf = createScope('jobs/check-domains');

const eventSchema = z.object({
  /** The moment that the job takes for now; absent for its own clock. What is due is due by it. */
  now: z.iso.datetime().optional(),
});

/** Looks for the text records of companies' verified mail domains again. */
export const handler = asJob(
  all,
  'check-domains',
  (event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Tally> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const requestId = context.awsRequestId;
      const { now } = eventSchema.parse(event ?? {});
      const tally = await forEachTenant(tenantsIn(all, ['active', 'migrating', 'suspended']), {
        timeIsUp: () => context.getRemainingTimeInMillis() < 90_000,
        work: async (tenantId) => {
          const { Control, Audit } = scopeOf({ tenantId, requestId })['tenant-domain-checks'];
          const tables = { control: Control, auditTable: Audit.name, owned: all };
          const tenant = await loadTenant(Control, tenantId);
          const findings = await recheckDomains(
            tables,
            { tenant, recordLabel, lookUp },
            now ? new Date(now) : new Date(),
          );
          if (findings.some((finding) => finding !== 'there')) log.info('domains looked at', { tenantId, findings });
        },
        onFailure: (error, { tenantId }) => log.error('domains not looked at', error, { tenantId }),
      });
      log.info('domains of all companies looked at', { ...tally });
      return tally;
    }),
);
