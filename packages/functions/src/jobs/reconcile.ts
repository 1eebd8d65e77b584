import { SFNClient } from '@aws-sdk/client-sfn';
import type { TenantId } from '@tenantry/core/ids/id';
import { findDrift } from '@tenantry/core/reconciliation/find-drift';
import { type Report, saveReport } from '@tenantry/core/reconciliation/report';
import * as z from 'zod';
import { billingMachines } from '../billing/machines.ts';
import { createReviewer } from '../billing/reviewer.ts';
import { log, withLogContext } from '../logging.ts';
import { cloudOf } from '../reconciliation/cloud.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { asJob } from './as-job.ts';

const { Control: control } = ownTables('jobs/reconcile');
const scopeOf = createScope('jobs/reconcile', { s3: scopedS3 });
const stripe = stripeFromEnvironment();
const machines = billingMachines(new SFNClient({}));

/** Longer than this function may run, so that whatever changed since its lists were read is left alone. */
const GRACE_MINUTES = 20;

const inputSchema = z.object({
  fix: z.boolean().default(false),
  /** How long a tenant is left alone after it changed. */
  graceMinutes: z.number().min(0).max(1440).default(GRACE_MINUTES),
});

/** Compares what there is with what there should be, mends it when asked to, and keeps the report. */
export const handler = asJob(
  control,
  'reconcile',
  (event: unknown, { awsRequestId: requestId }: { awsRequestId: string }): Promise<Report> =>
    withLogContext({ requestId }, async () => {
      const { fix, graceMinutes } = inputSchema.parse(event ?? {});
      const storesOf = (tenantId: TenantId) => scopeOf({ tenantId, requestId });
      const reviewer = createReviewer({ stripe, machines, people: control }, storesOf);
      const report = await findDrift(
        {
          cloud: cloudOf(stripe, storesOf, (tenantId) => reviewer.review(tenantId)),
          control,
          now: () => new Date(),
          onFailure: ({ kind, resource, tenantId }, error) =>
            log.error('could not be mended', error, { kind, resource, tenantId }),
        },
        { fix, graceMs: graceMinutes * 60_000 },
      );
      for (const { kind, resource, tenantId, problem, mended } of report.findings) {
        log.warn('drift', { kind, resource, tenantId, problem, mended });
      }
      await saveReport(control, report);
      log.info('reconciled', { checked: report.checked, findings: report.findings.length, fix });
      return report;
    }),
);
