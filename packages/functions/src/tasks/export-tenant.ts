import {
  endExport,
  exportsKept,
  forgetExport,
  listExports,
  loadExport,
  recordProgress,
} from '@tenantry/core/export/exports';
import { writeManifest } from '@tenantry/core/export/manifest';
import { deleteFiles } from '@tenantry/core/export/objects';
import { progressAt, sliceCursorSchema, writeSlice } from '@tenantry/core/export/slice';
import { exportActions } from '@tenantry/core/export/state-machine';
import { idPattern, isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { z } from 'zod';
import { readEnvironment } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { isTransient, RetryableError } from './retryable.ts';

/** How many rows a file of events may have; a slice is one file. */
const { EXPORT_ROWS_MAX } = readEnvironment({ EXPORT_ROWS_MAX: z.coerce.number().int().min(1).default(50_000) });
const limits = { rowsMax: EXPORT_ROWS_MAX, shoppersMax: 5000, pageRows: Math.min(EXPORT_ROWS_MAX, 1000) };

const scopeOf = createScope('tasks/export-tenant', { s3: scopedS3 });
type Stores = Scoped<'tasks/export-tenant'>['tenant-export'];

const inputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  exportId: z.string().regex(idPattern('export')),
  action: z.enum(exportActions),
  cursor: sliceCursorSchema.optional(),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});
type Input = z.infer<typeof inputSchema>;

const folderOf = ({ tenantId, exportId }: Input, { Exports }: Stores) => ({ ...Exports, tenantId, exportId });

async function write(input: Input, stores: Stores): Promise<object> {
  const { tenantId, exportId, cursor } = input;
  if (!cursor) throw new Error('A slice needs a cursor.');
  const { Control, Audit, Usage, Events, SiloEvents, Recommendations, Shoppers } = stores;
  const [tenant, { requestedAt }] = await Promise.all([
    loadTenant(Control, tenantId),
    loadExport(Control, tenantId, exportId, new Date()),
  ]);
  const source = {
    tenant,
    exportId,
    requestedAt,
    control: Control,
    audit: Audit,
    usage: Usage,
    events: tenant.isolation === 'silo' ? SiloEvents : Events,
    recommendations: Recommendations,
    shoppers: Shoppers,
    limits,
  };
  const next = await writeSlice(source, folderOf(input, stores), cursor);
  await recordProgress(Control, tenantId, exportId, progressAt(next ?? cursor));
  return { done: next === undefined, cursor: next ?? cursor };
}

/** Keeps a tenant's newest exports and deletes the others. */
async function deleteOld({ tenantId }: Input, { Control, Exports }: Stores, at: Date): Promise<void> {
  for (const { exportId } of (await listExports(Control, tenantId, at)).slice(exportsKept)) {
    await deleteFiles({ ...Exports, tenantId, exportId });
    await forgetExport(Control, tenantId, exportId);
  }
}

async function finish(input: Input, stores: Stores): Promise<object> {
  const { tenantId, exportId } = input;
  const at = new Date();
  const { requestedAt } = await loadExport(stores.Control, tenantId, exportId, at);
  const { file, files } = await writeManifest(folderOf(input, stores), requestedAt);
  const all = [...files, file];
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  await endExport(stores.Control, tenantId, exportId, at, { files: all.length, bytes });
  await deleteOld(input, stores, at);
  return { files: all.length, bytes };
}

async function fail(input: Input, stores: Stores): Promise<object> {
  const { tenantId, exportId, failure } = input;
  const at = new Date();
  await endExport(stores.Control, tenantId, exportId, at, { reason: reasonOf(failure ?? {}) });
  await deleteOld(input, stores, at);
  return {};
}

const actions = { write, finish, fail } as const;

/** The tasks of the state machine of exports. */
export const handler = (event: unknown, context: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    const { tenantId, action } = input;
    logTenant(tenantId);
    try {
      const outcome = await actions[action](
        input,
        scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-export'],
      );
      log.info('export step', {
        action,
        ...(input.cursor ? { section: input.cursor.section, part: input.cursor.part } : {}),
      });
      return outcome;
    } catch (error) {
      log.error('export step failed', error, { action });
      throw isTransient(error) ? new RetryableError(reasonOf({ Cause: String(error) }), { cause: error }) : error;
    }
  });
