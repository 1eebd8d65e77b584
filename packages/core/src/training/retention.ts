import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { listModels, modelKey, type RegisteredModel, takenKey } from './model-registry.ts';

interface Stores {
  readonly control: Table;
  readonly models: { readonly client: S3Client; readonly bucket: string };
}

/**
 * Which models to let go of: the oldest trained ones beyond those that the tier keeps, and merges that nothing needs any more. Merges do not
 * count against the tier: of those of a trained model the newest and the one before it stay, since a recommender may be about to read that.
 * @param registered newest first
 * @param needed the one that serves, and any other that must stay however old it is; what a merge was made of stays with it
 */
export function forgettable(
  registered: readonly Pick<RegisteredModel, 'version' | 'madeBy' | 'base'>[],
  { keep, needed }: { readonly keep: number; readonly needed: readonly string[] },
): readonly string[] {
  const kept = new Set(needed);
  for (const { version, base } of registered) if (base && kept.has(version)) kept.add(base);
  const trained = registered.filter(({ madeBy }) => madeBy === 'training');
  for (const { version } of trained.slice(0, keep)) kept.add(version);
  const newestMerges = registered.filter(({ madeBy }) => madeBy === 'merge').slice(0, MERGES_KEPT);
  for (const { version, base } of newestMerges) if (base && kept.has(base)) kept.add(version);
  return registered.map(({ version }) => version).filter((version) => !kept.has(version));
}

/** The newest, and the one that served before it. */
const MERGES_KEPT = 2;

/**
 * Lets go of what `forgettable` says. The files go before their row, so that what broke off is done again the next time.
 * @returns the versions that are gone
 */
export async function forgetOldModels(
  { control, models }: Stores,
  tenantId: TenantId,
  options: { readonly keep: number; readonly needed: readonly string[] },
): Promise<readonly string[]> {
  const old = forgettable(await listModels(control, tenantId), options);
  for (const version of old) await forgetModel({ control, models }, tenantId, version);
  return old;
}

async function forgetModel({ control, models }: Stores, tenantId: TenantId, version: string): Promise<void> {
  for (const Key of [modelKey(tenantId, version), takenKey(tenantId, version)]) {
    await models.client.send(new DeleteObjectCommand({ Bucket: models.bucket, Key }));
  }
  await control.client.send(new DeleteCommand({ TableName: control.name, Key: controlKeys.model(tenantId, version) }));
}
