import type { AwsRequest, IamRequirement, Operation } from '../aws/engine.ts';
import { type Address, bucketArn, notImplemented, objectArn, readCopySource } from './address.ts';
import { listingContext } from './listing.ts';

/**
 * What S3 knows and this engine does not do, by the query parameter that asks for it. A caller without the permission must hear that and
 * nothing else, so the permission is asked for before the refusal.
 */
const ofBucket: Readonly<Record<string, string>> = {
  acl: 'BucketAcl',
  cors: 'BucketCORS',
  encryption: 'EncryptionConfiguration',
  lifecycle: 'LifecycleConfiguration',
  logging: 'BucketLogging',
  notification: 'BucketNotification',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  publicAccessBlock: 'BucketPublicAccessBlock',
  replication: 'ReplicationConfiguration',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

/** In this order: of a version, its access list is still something else than the version. */
const ofObject: Readonly<Record<string, string>> = {
  acl: 'ObjectAcl',
  tagging: 'ObjectTagging',
  attributes: 'ObjectAttributes',
  retention: 'ObjectRetention',
  'legal-hold': 'ObjectLegalHold',
  torrent: 'ObjectTorrent',
  versionId: 'ObjectVersion',
};

const verbs: Readonly<Record<string, string>> = { GET: 'Get', HEAD: 'Get', PUT: 'Put', DELETE: 'Delete' };

const refusal = (name: string, what: string, ...requires: readonly IamRequirement[]): Operation => ({
  name,
  requires,
  run: () => Promise.reject(notImplemented(what)),
});

const one = (action: string, resource: string, what: string): Operation =>
  refusal(action, what, { action: `s3:${action}`, resource });

/** The operation on a part of a bucket that is not an object, or on the bucket itself; undefined for what is none. */
export function bucketSubresource({ method, query }: AwsRequest, bucket: string): Operation | undefined {
  const resource = bucketArn(bucket);
  if (method === 'GET' && (query.has('versions') || query.has('uploads'))) {
    const action = query.has('versions') ? 'ListBucketVersions' : 'ListBucketMultipartUploads';
    return one(action, resource, action);
  }
  const verb = verbs[method];
  for (const [parameter, name] of Object.entries(ofBucket)) {
    if (!verb || !query.has(parameter)) continue;
    // Deleting is a permission of its own for policies alone.
    const action = verb === 'Delete' && name !== 'BucketPolicy' ? `Put${name}` : `${verb}${name}`;
    return one(action, resource, `${method} ?${parameter}`);
  }
  if (method === 'GET' && !query.has('list-type')) {
    const context = listingContext(query);
    return refusal('ListObjects', 'the first version of listing', { action: 's3:ListBucket', resource, context });
  }
  const action = { PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method];
  return action ? one(action, resource, `${method} on a bucket`) : undefined;
}

/** The same for an object: its access list, its tags, its versions, and copies of those or into a multipart upload. */
export function objectSubresource(request: AwsRequest, address: Address): Operation | undefined {
  const { method, query } = request;
  const resource = objectArn(address);
  const part = objectCopy(request, address);
  if (part) return part;
  if (method === 'POST') return query.has('restore') ? one('RestoreObject', resource, 'POST ?restore') : undefined;
  const verb = verbs[method];
  if (!verb) return undefined;
  for (const [parameter, name] of Object.entries(ofObject)) {
    if (query.has(parameter)) return one(`${verb}${name}`, resource, `${method} ?${parameter}`);
  }
  return undefined;
}

/** Copies that are not done here; what they read is asked for like what they write. */
function objectCopy({ method, query, headers }: AwsRequest, address: Address): Operation | undefined {
  const header = headers['x-amz-copy-source'];
  if (method !== 'PUT' || header === undefined) return undefined;
  const [path = '', version] = header.split('?');
  if (version === undefined && !query.has('uploadId')) return undefined;
  const source = objectArn(readCopySource(path));
  return refusal(
    query.has('uploadId') ? 'UploadPartCopy' : 'CopyObject',
    version === undefined ? 'copying into a multipart upload' : 'copying a version',
    { action: version === undefined ? 's3:GetObject' : 's3:GetObjectVersion', resource: source },
    { action: 's3:PutObject', resource: objectArn(address) },
  );
}
