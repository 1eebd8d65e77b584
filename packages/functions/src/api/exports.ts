import { SFNClient } from '@aws-sdk/client-sfn';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { beginExport, endExport, exportView, listExports, loadExport } from '@tenantry/core/export/exports';
import { linkFiles } from '@tenantry/core/export/links';
import { readManifest } from '@tenantry/core/export/manifest';
import { type ExportInput, exportExecution } from '@tenantry/core/export/state-machine';
import { newId } from '@tenantry/core/ids/id';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';
import { startExecution } from '../start-execution.ts';

const { EXPORT_ARN } = readEnvironment({ EXPORT_ARN: required });
const sfn = new SFNClient({});

/** The number of files that were listed before. */
const placeSchema = z.strictObject({ from: z.int().min(1) });

export const handler = createApi('exports', createScope('api/exports', { s3: scopedS3 }), {
  startExport: async ({ tenant, actor, scoped, now }) => {
    const { tenantId, deactivation } = tenant;
    if (deactivation?.final) throw new DomainError('conflict', 'The deletion of the company has begun.');
    const { Control, Audit } = scoped['tenant-downloads'];
    const input: ExportInput = { tenantId, exportId: newId('export', now.getTime()) };
    await beginExport({ control: Control, auditTable: Audit.name }, tenantId, input.exportId, { actor, at: now });
    try {
      await startExecution(sfn, EXPORT_ARN, exportExecution(input), input);
    } catch (error) {
      await endExport({ control: Control, auditTable: Audit.name }, tenantId, input.exportId, now, {
        reason: 'The export could not be started.',
      });
      throw error;
    }
    return { exportId: input.exportId };
  },
  listExports: async ({ tenant: { tenantId }, scoped, now }) => ({
    exports: (await listExports(scoped['tenant-downloads'].Control, tenantId, now)).map(exportView),
  }),
  listExportFiles: async ({ tenant: { tenantId }, scoped, params: { exportId }, query: { limit, cursor }, now }) => {
    const { Control, Exports } = scoped['tenant-downloads'];
    const { status } = await loadExport(Control, tenantId, exportId, now);
    if (status === 'running') throw new DomainError('conflict', 'The export is still running.');
    if (status === 'failed') throw new DomainError('not_found', 'The export failed; start another.');
    const folder = { ...Exports, tenantId, exportId };
    const from = cursor ? decodeCursor(cursor, placeSchema).from : 0;
    const { file, files } = await readManifest(folder);
    const all = [...files, file];
    const page = all.slice(from, from + limit);
    const names = page.map(({ name }) => name);
    const { urls, validUntil } = await linkFiles(folder, names, now);
    const next = from + limit;
    return {
      files: page.map((one) => ({ ...one, url: urls.get(one.name) ?? '' })),
      linksValidUntil: validUntil,
      cursor: next < all.length ? encodeCursor({ from: next }) : null,
    };
  },
});
