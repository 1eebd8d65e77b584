import { expect, it } from 'vitest';
import type { AwsRequest } from '../aws/engine.ts';
import { bucketSubresource, objectSubresource } from './subresources.ts';

const request = (method: string, query: string, headers: object = {}): AwsRequest =>
  ({ method, query: new URLSearchParams(query), headers, path: '/' }) as unknown as AwsRequest;

it.each([
  ['GET', 'policy', 's3:GetBucketPolicy'],
  ['PUT', 'policy', 's3:PutBucketPolicy'],
  ['DELETE', 'policy', 's3:DeleteBucketPolicy'],
  ['DELETE', 'lifecycle', 's3:PutLifecycleConfiguration'],
  ['GET', 'versions', 's3:ListBucketVersions'],
  ['PUT', '', 's3:CreateBucket'],
  ['DELETE', '', 's3:DeleteBucket'],
])('%s of a bucket’s %s asks for %s before it says that it is not done here', async (method, query, action) => {
  const operation = bucketSubresource(request(method, query), 'bucket');
  expect(operation?.requires).toEqual([{ action, resource: 'arn:aws:s3:::bucket' }]);
  await expect(operation?.run({} as never)).rejects.toMatchObject({ code: 'NotImplemented' });
});

it.each([
  ['GET', 'versionId=1', 's3:GetObjectVersion'],
  ['PUT', 'acl', 's3:PutObjectAcl'],
  ['GET', 'tagging', 's3:GetObjectTagging'],
  ['GET', 'acl&versionId=1', 's3:GetObjectAcl'],
  ['GET', 'attributes', 's3:GetObjectAttributes'],
  ['POST', 'restore', 's3:RestoreObject'],
])('%s of an object’s %s asks for %s', (method, query, action) => {
  const operation = objectSubresource(request(method, query), { bucket: 'bucket', key: 'a/b' });
  expect(operation?.requires).toEqual([{ action, resource: 'arn:aws:s3:::bucket/a/b' }]);
});

it('the first version of listing asks for the permission of listing, with the prefix', () => {
  expect(bucketSubresource(request('GET', 'prefix=a/'), 'bucket')?.requires).toEqual([
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::bucket', context: { 's3:prefix': ['a/'] } },
  ]);
});

it.each([
  ['uploadId=u&partNumber=1', '/from/b', 's3:GetObject'],
  ['', 'from/b?versionId=1', 's3:GetObjectVersion'],
])('a copy that is not done here asks to read what it copies: %s %s', (query, source, action) => {
  const operation = objectSubresource(request('PUT', query, { 'x-amz-copy-source': source }), {
    bucket: 'bucket',
    key: 'a',
  });
  expect(operation?.requires).toEqual([
    { action, resource: 'arn:aws:s3:::from/b' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/a' },
  ]);
});

it('leaves everything else to the operations', () => {
  expect(bucketSubresource(request('GET', 'list-type=2'), 'bucket')).toBeUndefined();
  expect(objectSubresource(request('GET', ''), { bucket: 'bucket', key: 'a' })).toBeUndefined();
  expect(
    objectSubresource(request('PUT', '', { 'x-amz-copy-source': 'from/b' }), { bucket: 'b', key: 'a' }),
  ).toBeUndefined();
  expect(objectSubresource(request('POST', 'uploads'), { bucket: 'bucket', key: 'a' })).toBeUndefined();
});
