import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { listModels, modelKey } from './model-registry.ts';

/**
 * Lets go of the oldest models beyond those that the tier keeps; the one that serves stays, however old it is. The file goes before its row, so
 * that what broke off is done again by the next training. Only while a training runs: nobody can choose another model to serve then.
 * @returns the versions that are gone
 */
export async function forgetOldModels(
  {
    control,
    models,
  }: { readonly control: Table; readonly models: { readonly client: S3Client; readonly bucket: string } },
  tenantId: TenantId,
  { keep, serving }: { readonly keep: number; readonly serving: string | undefined },
): Promise<readonly string[]> {
  const registered = await listModels(control, tenantId);
  const old = registered.slice(keep).filter(({ version }) => version !== serving);
  for (const { version } of old) {
    await models.client.send(new DeleteObjectCommand({ Bucket: models.bucket, Key: modelKey(tenantId, version) }));
    await control.client.send(
      new DeleteCommand({ TableName: control.name, Key: controlKeys.model(tenantId, version) }),
    );
  }
  return old.map(({ version }) => version);
}
