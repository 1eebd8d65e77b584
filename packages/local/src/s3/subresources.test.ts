import { expect, it } from 'vitest';
import type { AwsRequest } from '../aws/engine.ts';
import { bucketSubresource, objectSubresource } from './subresources.ts';

const request = (method: string, query: string): AwsRequest =>
  ({ method, query: new URLSearchParams(query), headers: {}, path: '/' }) as unknown as AwsRequest;

it.each([
  ['GET', 'policy', 's3:GetBucketPolicy'],
  ['PUT', 'policy', 's3:PutBucketPolicy'],
  ['DELETE', 'policy', 's3:DeleteBucketPolicy'],
  ['DELETE', 'lifecycle', 's3:PutLifecycleConfiguration'],
  ['GET', 'versions', 's3:ListBucketVersions'],
])('%s of a bucket’s %s asks for %s before it says that it is not done here', async (method, query, action) => {
  const operation = bucketSubresource(request(method, query), 'bucket');
  expect(operation?.requires).toEqual([{ action, resource: 'arn:aws:s3:::bucket' }]);
  await expect(operation?.run({} as never)).rejects.toMatchObject({ code: 'NotImplemented' });
});

it.each([
  ['GET', 'versionId=1', 's3:GetObjectVersion'],
  ['PUT', 'acl', 's3:PutObjectAcl'],
  ['GET', 'tagging', 's3:GetObjectTagging'],
])('%s of an object’s %s asks for %s', (method, query, action) => {
  const operation = objectSubresource(request(method, query), { bucket: 'bucket', key: 'a/b' });
  expect(operation?.requires).toEqual([{ action, resource: 'arn:aws:s3:::bucket/a/b' }]);
});

it('leaves everything else to the operations', () => {
  expect(bucketSubresource(request('GET', 'list-type=2'), 'bucket')).toBeUndefined();
  expect(objectSubresource(request('GET', ''), { bucket: 'bucket', key: 'a' })).toBeUndefined();
  expect(objectSubresource(request('POST', 'uploads'), { bucket: 'bucket', key: 'a' })).toBeUndefined();
});
