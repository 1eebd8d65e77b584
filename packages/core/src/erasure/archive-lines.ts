import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { Archive } from '../archive/archive.ts';

const TRIES_MAX = 5;

/**
 * Tells lines of an archived object by their shopper. Other lines are kept as they are, byte for byte.
 * @returns what is left, and how many lines each of the shoppers had
 */
export function withoutShoppers(
  body: string,
  shoppers: ReadonlySet<string>,
): { readonly left: string; readonly found: ReadonlyMap<string, number> } {
  const found = new Map<string, number>();
  const kept = body.split('\n').filter((line) => {
    if (line === '') return true;
    const { shopperId } = JSON.parse(line) as { readonly shopperId: string };
    if (!shoppers.has(shopperId)) return true;
    found.set(shopperId, (found.get(shopperId) ?? 0) + 1);
    return false;
  });
  return { left: kept.join('\n'), found };
}

/** A line is only parsed where an id occurs in the object at all, which is seldom. */
const mayName = (body: string, shoppers: ReadonlySet<string>): boolean =>
  [...shoppers].some((shopperId) => body.includes(JSON.stringify(shopperId)));

/**
 * Counts, and where asked to takes out, the shoppers' lines of an archived object. It is replaced only if it is still what was read: who writes it
 * meanwhile is not overwritten, and the object is read again. One that is gone holds nothing.
 * @returns how many lines each of the shoppers had
 */
export async function eraseFromObject(
  archive: Archive,
  key: string,
  shoppers: ReadonlySet<string>,
  options: { readonly erase: boolean },
): Promise<ReadonlyMap<string, number>> {
  const { client, bucket } = archive;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(orGone);
    if (!object) return new Map();
    const body = object.Body ? await object.Body.transformToString() : '';
    if (!mayName(body, shoppers)) return new Map();
    const { left, found } = withoutShoppers(body, shoppers);
    if (found.size === 0 || !options.erase) return found;
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: Buffer.from(left),
          ContentType: object.ContentType,
          IfMatch: object.ETag,
        }),
      );
      return found;
    } catch (error) {
      if (!isChanged(error)) throw error;
    }
  }
  throw new Error('An object of the archive was written again and again meanwhile.');
}

function orGone(error: unknown): undefined {
  if (error instanceof NoSuchKey) return undefined;
  throw error;
}

/** Somebody wrote or deleted it since it was read, or is about to. */
const isChanged = (error: unknown): boolean =>
  error instanceof NoSuchKey ||
  (error instanceof S3ServiceException && [404, 409, 412].includes(error.$metadata.httpStatusCode ?? 0));
