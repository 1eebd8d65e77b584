import type { AwsRequest, Operation } from '../aws/engine.ts';
import { bucketArn, notImplemented, objectArn } from './address.ts';

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

const verbs: Readonly<Record<string, string>> = { GET: 'Get', HEAD: 'Get', PUT: 'Put', DELETE: 'Delete' };

const refusal = (action: string, resource: string, what: string): Operation => ({
  name: action,
  requires: [{ action: `s3:${action}`, resource }],
  run: () => Promise.reject(notImplemented(what)),
});

/** The operation on a part of a bucket that is not an object; undefined for what is none. */
export function bucketSubresource({ method, query }: AwsRequest, bucket: string): Operation | undefined {
  const resource = bucketArn(bucket);
  if (method === 'GET' && (query.has('versions') || query.has('uploads'))) {
    const action = query.has('versions') ? 'ListBucketVersions' : 'ListBucketMultipartUploads';
    return refusal(action, resource, action);
  }
  for (const [parameter, name] of Object.entries(ofBucket)) {
    const verb = verbs[method];
    // Deleting is a permission of its own for policies alone.
    const action = verb === 'Delete' && name !== 'BucketPolicy' ? `Put${name}` : `${verb}${name}`;
    if (verb && query.has(parameter)) return refusal(action, resource, `${method} ?${parameter}`);
  }
  return undefined;
}

/** The same for an object: its access list, its tags and its versions. */
export function objectSubresource(
  { method, query }: AwsRequest,
  address: { bucket: string; key: string },
): Operation | undefined {
  const resource = objectArn(address);
  const verb = verbs[method];
  if (!verb) return undefined;
  if (query.has('versionId')) return refusal(`${verb}ObjectVersion`, resource, 'versions');
  if (query.has('acl')) return refusal(`${verb}ObjectAcl`, resource, `${method} ?acl`);
  if (query.has('tagging')) return refusal(`${verb}ObjectTagging`, resource, `${method} ?tagging`);
  return undefined;
}
