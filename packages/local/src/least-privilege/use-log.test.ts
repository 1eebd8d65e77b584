import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
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
const takerStatements = [allow('sts:AssumeRole', roleArn('shared'))];
const sharedStatements = [allow('dynamodb:GetItem', tableArn('T'))];

let cloud: TestCloud;
beforeAll(async () => {
  const trustPolicy = trustOf({ Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession']);
  cloud = await startTestCloud({
    roles: [
      role('f', statements, { trustPolicy }),
      role('other', otherStatements, { trustPolicy }),
      role('taker', takerStatements, { trustPolicy }),
      role('shared', sharedStatements, { trustPolicy: trustOf({ AWS: roleArn('taker') }) }),
    ],
  });
  await cloud
    .s3Client(cloud.root)
    .send(new PutObjectCommand({ Bucket: 'models', Key: 'ten_a/model', Body: 'a model' }));
});
afterAll(() => cloud.stop());
beforeEach(() => {
  cloud.calls.length = 0;
});

const session = (name: string, sessionName: string, tags: Readonly<Record<string, string>> = { TenantId: 'ten_a' }) =>
  cloud.sts.assumeRoleForService({
    roleArn: roleArn(name),
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName,
    tags,
  });
const get = (credentials: Credentials, pk: string) =>
  cloud.dynamodb(credentials).send(new GetItemCommand({ TableName: 'T', Key: { pk: { S: pk } } }));
const put = (credentials: Credentials, pk: string) =>
  cloud.dynamodb(credentials).send(new PutItemCommand({ TableName: 'T', Item: { pk: { S: pk } } }));

/** What a log of all calls since the beginning of the test says; a use as its last words. */
function seen(): RecordedUses {
  const log = createUseLog([
    grantedRole('f', statements),
    grantedRole('other', otherStatements),
    grantedRole('taker', takerStatements),
    grantedRole('shared', sharedStatements),
  ]);
  for (const record of cloud.calls) log.add(record);
  const { used, usedThrough, ...rest } = log.uses();
  const plain = (key: string): string => key.trim().replace(tableArn('T'), 'T').split('\n').join(' ');
  return { used: used.map(plain), usedThrough: usedThrough.map(plain), ...rest };
}

const take = async (credentials: Credentials, sessionName: string): Promise<Credentials> => {
  const command = new AssumeRoleCommand({ RoleArn: roleArn('shared'), RoleSessionName: sessionName });
  const { Credentials: taken } = await cloud.stsClient(credentials).send(command);
  return {
    accessKeyId: taken?.AccessKeyId ?? '',
    secretAccessKey: taken?.SecretAccessKey ?? '',
    sessionToken: taken?.SessionToken ?? '',
  };
};

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
  expect(seen()).toEqual({ used: [], usedThrough: [], denied: [], attempts: 1 });
});

it('a use of a role that was assumed counts for the role that assumed it too', async () => {
  await get(await take(await session('taker', 'a-function', {}), 'ten_a.request'), 'USER#1');
  expect(seen()).toMatchObject({
    used: ['sharedRole dynamodb:GetItem T', `takerRole sts:AssumeRole ${roleArn('shared')}`],
    usedThrough: ['takerRole sharedRole dynamodb:GetItem T'],
  });
});

it('what a test tries with a role that it assumed in the name of a function is no use of that either', async () => {
  const credentials = await take(await session('taker', 'attempt', {}), 'ten_a.request');
  await get(credentials, 'USER#1');
  await put(credentials, 'USER#1').catch(() => undefined);
  expect(seen()).toEqual({ used: [], usedThrough: [], denied: [], attempts: 1 });
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
