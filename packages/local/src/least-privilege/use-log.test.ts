import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  allow,
  type Credentials,
  role,
  roleArn,
  startTestCloud,
  type TestCloud,
  tableArn,
  trustOf,
} from '../gateway/testing/test-cloud.ts';
import type { RecordedUses } from './recorded-uses.ts';
import { grantedRole } from './testing/granted-role.ts';
import { createUseLog } from './use-log.ts';

const tenant = `\${aws:PrincipalTag/TenantId}`;
const forKeys = (...keys: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});
const statements = [
  allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tableArn('T'), forKeys(`TENANT#${tenant}`, 'USER#*')),
  allow('s3:GetObject', `arn:aws:s3:::models/${tenant}/*`),
];
const otherStatements = [allow('dynamodb:GetItem', tableArn('T'), forKeys('*'))];

let cloud: TestCloud;
beforeAll(async () => {
  const trustPolicy = trustOf({ Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']);
  cloud = await startTestCloud({
    roles: [role('f', statements, { trustPolicy }), role('other', otherStatements, { trustPolicy })],
  });
  await cloud
    .s3Client(cloud.root)
    .send(new PutObjectCommand({ Bucket: 'models', Key: 'ten_a/model', Body: 'a model' }));
});
afterAll(() => cloud.stop());
beforeEach(() => {
  cloud.calls.length = 0;
});

const session = (name: string, sessionName: string) =>
  cloud.sts.assumeRoleForService({
    roleArn: roleArn(name),
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName,
    tags: { TenantId: 'ten_a' },
  });
const get = (credentials: Credentials, pk: string) =>
  cloud.dynamodb(credentials).send(new GetItemCommand({ TableName: 'T', Key: { pk: { S: pk } } }));
const put = (credentials: Credentials, pk: string) =>
  cloud.dynamodb(credentials).send(new PutItemCommand({ TableName: 'T', Item: { pk: { S: pk } } }));

/** What a log of all calls since the beginning of the test says; a use as its last words. */
function seen(): RecordedUses {
  const log = createUseLog([grantedRole('f', statements), grantedRole('other', otherStatements)]);
  for (const record of cloud.calls) log.add(record);
  const { used, ...rest } = log.uses();
  return { used: used.map((key) => key.trim().replace(tableArn('T'), 'T').split('\n').join(' ')), ...rest };
}

it('a call uses the one grant that covers its action, its resource and its key, and no other of the statement', async () => {
  const credentials = await session('f', 'a-function');
  await get(credentials, 'USER#1');
  expect(seen().used).toEqual(['fRole dynamodb:GetItem T USER#*']);
  await put(credentials, 'TENANT#ten_a');
  await put(credentials, 'TENANT#ten_a');
  await cloud.s3Client(credentials).send(new GetObjectCommand({ Bucket: 'models', Key: 'ten_a/model' }));
  expect(seen().used).toEqual([
    'fRole dynamodb:GetItem T USER#*',
    `fRole dynamodb:PutItem T TENANT#${tenant}`,
    `fRole s3:GetObject arn:aws:s3:::models/${tenant}/*`,
  ]);
});

it('a call counts for the role that made it, and one with the account’s own credentials for none', async () => {
  await get(await session('other', 'a-function'), 'USER#1');
  await get(cloud.root, 'USER#2');
  expect(seen().used).toEqual(['otherRole dynamodb:GetItem T *']);
});

it('what a test tries with a role of the program is no use of it, whether it is allowed or denied', async () => {
  const credentials = await session('f', 'foreign-read-attempt');
  await get(credentials, 'USER#1');
  await get(credentials, 'TENANT#ten_b').catch(() => undefined);
  expect(seen()).toEqual({ used: [], denied: [], attempts: 1 });
});

it('a denied call is no use, and is kept once with its role, its action and the error, unless a test meant it', async () => {
  const credentials = await session('f', 'a-function');
  for (const pk of ['TENANT#ten_b', 'TENANT#ten_c']) await get(credentials, pk).catch(() => undefined);
  await cloud
    .dynamodb(credentials)
    .send(new ScanCommand({ TableName: 'T' }))
    .catch(() => undefined);
  const { used, denied } = seen();
  expect(used).toEqual([]);
  expect(denied.map(({ denial: _, ...call }) => call)).toEqual([
    { role: 'fRole', operation: 'GetItem', actions: ['dynamodb:GetItem'], errorCode: 'AccessDeniedException' },
    { role: 'fRole', operation: 'Scan', actions: ['dynamodb:Scan'], errorCode: 'AccessDeniedException' },
  ]);
});
