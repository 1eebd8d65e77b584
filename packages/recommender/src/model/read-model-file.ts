import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { TenantId } from '@tenantry/core/ids/id';
import { ObjectTooLargeError, readObject } from '@tenantry/core/s3/read-object';
import { modelKey, type RegisteredModel } from '@tenantry/core/training/model-registry';
import { ModelFileError } from './model-file-error.ts';

/**
 * The file of a model, from the place where this tenant's models lie, and no other than the one that was registered.
 * @param bytesMax more are not read
 * @throws {ModelFileError} when it is not there, or another, or too large
 */
export async function readModelFile(
  { client, bucket }: { readonly client: S3Client; readonly bucket: string },
  tenantId: TenantId,
  { version, sha256 }: Pick<RegisteredModel, 'version' | 'sha256'>,
  bytesMax?: number,
): Promise<Uint8Array> {
  const blob = await readObject(client, bucket, modelKey(tenantId, version), undefined, bytesMax).catch(
    (cause: unknown) => {
      if (!(cause instanceof ObjectTooLargeError)) throw cause;
      throw new ModelFileError(`The file of the model ${version} is too large: ${cause.message}`, { cause });
    },
  );
  if (typeof blob === 'string') throw new ModelFileError(`The file of the model ${version} is not there.`);
  if (createHash('sha256').update(blob.body).digest('hex') !== sha256) {
    throw new ModelFileError(`The file of the model ${version} is not the one that was registered.`);
  }
  return blob.body;
}
