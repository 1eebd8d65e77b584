import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type ExportFolder, type FileFacts, listFiles, readFile, writeOnce } from './objects.ts';

export const manifestFile = 'manifest.json';

const manifestSchema = z.object({
  exportId: z.string(),
  tenantId: z.string(),
  requestedAt: z.string(),
  files: z.array(
    z.object({ name: z.string(), rows: z.int().nullable(), bytes: z.int(), sha256: z.string() }),
  ) satisfies z.ZodType<readonly FileFacts[]>,
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest, and what is known of its own file. */
export async function readManifest(folder: ExportFolder): Promise<Manifest & { readonly file: FileFacts }> {
  const text = await readFile(folder, manifestFile);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const file = { name: manifestFile, rows: null, bytes: Buffer.byteLength(text), sha256 };
  return { ...manifestSchema.parse(JSON.parse(text)), file };
}

/**
 * Writes the manifest of all files that are there, as the last file of an export.
 * @returns the manifest that is there now, which an earlier try may have written
 */
export async function writeManifest(folder: ExportFolder, requestedAt: string): ReturnType<typeof readManifest> {
  const { tenantId, exportId } = folder;
  const files = (await listFiles(folder)).filter(({ name }) => name !== manifestFile);
  const manifest = { exportId, tenantId, requestedAt, files: [...files] } satisfies Manifest;
  await writeOnce(folder, manifestFile, { body: `${JSON.stringify(manifest, null, 2)}\n`, rows: null, next: 'end' });
  return readManifest(folder);
}
