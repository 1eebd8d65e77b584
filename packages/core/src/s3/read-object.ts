import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** An object's content, and what tells it from other versions of itself. */
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string | undefined;
}

/** The object is larger than the caller can take; nothing of it was kept. */
export class ObjectTooLargeError extends Error {
  override readonly name = 'ObjectTooLargeError';
}

/**
 * @param etag of the version that the caller has; the same version is not sent again
 * @throws {ObjectTooLargeError} when it has more than `bytesMax`
 */
export async function readObject(
  client: S3Client,
  bucket: string,
  key: string,
  etag?: string,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<StoredObject | 'unchanged' | 'missing'> {
  try {
    const {
      Body,
      ETag,
      ContentLength = 0,
    } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(etag ? { IfNoneMatch: etag } : {}) }));
    if (ContentLength > bytesMax) {
      if (Body && 'destroy' in Body) Body.destroy();
      throw new ObjectTooLargeError(`${key} has ${ContentLength} bytes; at most ${bytesMax} are read.`);
    }
    return { body: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.$metadata.httpStatusCode === 304) return 'unchanged';
    // Without s3:ListBucket on the prefix, S3 answers a missing key with 403.
    if (error.$metadata.httpStatusCode === 404 || error.$metadata.httpStatusCode === 403) return 'missing';
    throw error;
  }
}
