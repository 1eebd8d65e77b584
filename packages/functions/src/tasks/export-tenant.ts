import {
  endExport,
  exportsKept,
  forgetExport,
  listExports,
  loadExport,
  recordProgress,
  type TenantExport,
} from '@tenantry/core/export/exports';
import { writeManifest } from '@tenantry/core/export/manifest';
import { deleteFiles } from '@tenantry/core/export/objects';
import { progressAt, sliceCursorSchema, writeSlice } from '@tenantry/core/export/slice';
import { exportActions } from '@tenantry/core/export/state-machine';
import { idPattern } from '@tenantry/core/ids/id';
import { announce } from '@tenantry/core/mail/outbox';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { RetryableError } from './retryable.ts';
import { changeInput, failureInput, tenantTask } from './tenant-task.ts';

/** What a slice does in seconds, where its state allows it a minute. */
const limits = { rowsMax: 20_000, shoppersMax: 2000, pageRows: 1000 };

const scopeOf = createScope('tasks/export-tenant', { s3: scopedS3 });
type Stores = Scoped<'tasks/export-tenant'>['tenant-export'];

const inputSchema = z.object({
  tenantId: changeInput.tenantId,
  exportId: z.string().regex(idPattern('export')),
  action: z.enum(exportActions),
  cursor: sliceCursorSchema.optional(),
  failure: failureInput.optional(),
});
type Input = z.output<typeof inputSchema>;

const folderOf = ({ tenantId, exportId }: Input, { Exports }: Stores) => ({ ...Exports, tenantId, exportId });

/** The tenant, unless what it has is being erased: a file that is written then would outlive the tenant. */
async function writableTenant({ tenantId }: Input, { Control }: Stores): Promise<Tenant> {
  const tenant = await loadTenant(Control, tenantId);
  if (tenant.deactivation?.final || tenant.status === 'deleted') throw new Error('The company is being deleted.');
  return tenant;
}

/** The export, unless it was withdrawn: what is written then would outlive a shopper that is erased. */
async function runningExport({ tenantId, exportId }: Input, { Control }: Stores): Promise<TenantExport> {
  const found = await loadExport(Control, tenantId, exportId, new Date());
  if (found.status === 'failed') throw new Error(found.reason ?? 'The export was withdrawn.');
  return found;
}

async function write(input: Input, stores: Stores): Promise<object> {
  const { tenantId, exportId, cursor } = input;
  if (!cursor) throw new Error('A slice needs a cursor.');
  const { Control, Audit, Usage, Events, SiloEvents, Recommendations, Shoppers, Catalogue, Attribution } = stores;
  const tenant = await writableTenant(input, stores);
  const { requestedAt } = await runningExport(input, stores);
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
    catalogue: Catalogue,
    attribution: Attribution,
    limits,
    assertWritable: async () => {
      await runningExport(input, stores);
      const { isolation } = await writableTenant(input, stores);
      // The place that was read may be cleared already.
      if (isolation !== tenant.isolation) throw new RetryableError('The company has moved; its data is read again.');
    },
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
  const { requestedAt } = await runningExport(input, stores);
  const { name: company } = await writableTenant(input, stores);
  const { file, files } = await writeManifest(folderOf(input, stores), requestedAt);
  const all = [...files, file];
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  await endExport({ control: stores.Control, auditTable: stores.Audit.name }, tenantId, exportId, at, {
    files: all.length,
    bytes,
  });
  await announce(stores.Control, tenantId, {
    key: `exportReady#${exportId}`,
    kind: 'exportReady',
    facts: { company, files: all.length, bytes },
    createdAt: at.toISOString(),
  });
  await deleteOld(input, stores, at);
  return { files: all.length, bytes };
}

async function fail(input: Input, stores: Stores): Promise<object> {
  const { tenantId, exportId, failure } = input;
  const at = new Date();
  await endExport({ control: stores.Control, auditTable: stores.Audit.name }, tenantId, exportId, at, {
    reason: reasonOf(failure ?? {}),
  });
  await deleteOld(input, stores, at);
  return {};
}

const actions = { write, finish, fail } as const;

/** The tasks of the state machine of exports. */
export const handler = tenantTask('export step', inputSchema, (input, requestId) =>
  actions[input.action](input, scopeOf({ tenantId: input.tenantId, requestId })['tenant-export']),
);
