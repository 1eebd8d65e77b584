import {
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../aws/engine.ts';
import { createGateway } from './gateway.ts';
import { send, signedRequest } from './testing/signed-request.ts';
import {
  allow,
  type Credentials,
  role,
  roleArn,
  startTestCloud,
  type TestCloud,
  tableArn,
  trustOf,
} from './testing/test-cloud.ts';

const tenantVariable = `\${aws:PrincipalTag/TenantId}`;
const tenantKeys = { 'dynamodb:LeadingKeys': [`TENANT#${tenantVariable}`] };
const onlyOwnRows = { 'ForAllValues:StringEquals': tenantKeys };
const tenantTrust = trustOf({ AWS: roleArn('function') }, ['sts:AssumeRole', 'sts:TagSession']);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({
    roles: [
      role('function', [
        allow('sts:*', [roleArn('with-null'), roleArn('without-null')]),
        allow('s3:*', 'arn:aws:s3:::sealed/*'),
      ]),
      role(
        'with-null',
        [allow('dynamodb:*', tableArn('T'), { ...onlyOwnRows, Null: { 'dynamodb:LeadingKeys': 'false' } })],
        {
          trustPolicy: tenantTrust,
        },
      ),
      role('without-null', [allow('dynamodb:*', tableArn('T'), onlyOwnRows)], { trustPolicy: tenantTrust }),
      role('reader', [
        allow('dynamodb:*', tableArn('T')),
        { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: '*' },
        allow('s3:GetObject', 'arn:aws:s3:::open/*'),
      ]),
      role('nobody', []),
    ],
    resourcePolicies: [
      {
        resourceArn: 'arn:aws:s3:::sealed',
        document: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: ['arn:aws:s3:::sealed', 'arn:aws:s3:::sealed/*'],
              Condition: { StringNotEquals: { 'aws:PrincipalArn': roleArn('reader') } },
            },
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: ['arn:aws:s3:::sealed', 'arn:aws:s3:::sealed/*'],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    ],
  });
});
afterAll(() => cloud.stop());
beforeEach(() => {
  cloud.calls.length = 0;
  cloud.faults.length = 0;
});

const item = (pk: string) => new GetItemCommand({ TableName: 'T', Key: { pk: { S: pk } } });

async function tenantCredentials(name: string, tenantId: string): Promise<Credentials> {
  const sts = cloud.stsClient(await cloud.as('function'));
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn(name),
      RoleSessionName: tenantId,
      Tags: [{ Key: 'TenantId', Value: tenantId }],
    }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

test("a tenant's session reaches its own rows and no others", async () => {
  const client = cloud.dynamodb(await tenantCredentials('with-null', 'ten_a'));
  await client.send(new PutItemCommand({ TableName: 'T', Item: { pk: { S: 'TENANT#ten_a' } } }));
  expect((await client.send(item('TENANT#ten_a'))).Item).toEqual({ pk: { S: 'TENANT#ten_a' } });
  await expect(client.send(item('TENANT#ten_b'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(client.send(item('TENANT#ten_a2'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a call without keys passes ForAllValues, as in AWS, unless Null demands the key', async () => {
  const scan = new ScanCommand({ TableName: 'T' });
  const open = cloud.dynamodb(await tenantCredentials('without-null', 'ten_a'));
  await expect(open.send(scan)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  const closed = cloud.dynamodb(await tenantCredentials('with-null', 'ten_a'));
  await expect(closed.send(scan)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a session without the tag that the policy names reaches nothing', async () => {
  const sts = cloud.stsClient(await cloud.as('function'));
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn('with-null'), RoleSessionName: 'untagged' }),
  );
  const client = cloud.dynamodb({
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  });
  for (const key of ['TENANT#', 'TENANT#ten_a', `TENANT#${tenantVariable}`]) {
    await expect(client.send(item(key))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  }
});

test("a denial names user, action, resource and reason in AWS's words", async () => {
  const nobody = cloud.dynamodb(await cloud.as('nobody'));
  const user = 'User: arn:aws:sts::000000000000:assumed-role/nobody/a-function is not authorized to perform:';
  await expect(nobody.send(item('a'))).rejects.toThrow(
    `${user} dynamodb:GetItem on resource: ${tableArn('T')} because no identity-based policy allows the dynamodb:GetItem action`,
  );
  const reader = cloud.dynamodb(await cloud.as('reader'));
  await expect(reader.send(new PutItemCommand({ TableName: 'T', Item: { pk: { S: 'a' } } }))).rejects.toThrow(
    /PutItem on resource: \S+ with an explicit deny in an identity-based policy$/,
  );
  const s3 = cloud.s3Client(await cloud.as('nobody'));
  await expect(s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `${user} s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`,
    $metadata: { httpStatusCode: 403 },
  });
});

test("a REST service's denial is a 403 with the code in its header", async () => {
  const answer = await send(
    await signedRequest({
      endpoint: cloud.endpoint,
      credentials: await cloud.as('nobody'),
      service: 'lambda',
      path: '/x',
    }),
  );
  expect(answer).toMatchObject({ status: 403, code: 'AccessDeniedException' });
});

test("a bucket policy's deny holds against whoever it names, root too, and its conditions count", async () => {
  const object = { Bucket: 'sealed', Key: 'k' };
  for (const credentials of [await cloud.as('function'), cloud.root]) {
    const client = cloud.s3Client(credentials);
    await client.send(new PutObjectCommand({ ...object, Body: 'x' }));
    await expect(client.send(new GetObjectCommand(object))).rejects.toThrow(
      'with an explicit deny in a resource-based policy',
    );
  }
  const neighbour = cloud.s3Client(await cloud.as('reader'));
  await expect(neighbour.send(new GetObjectCommand({ Bucket: 'sealed-not', Key: 'k' }))).rejects.toThrow(
    'no identity-based policy',
  );
});

test('a role loses what its policies no longer allow at once, and a role that is gone loses everything', async () => {
  const own = await startTestCloud({ roles: [role('f', [allow('dynamodb:*', '*')])] });
  try {
    const client = own.dynamodb(await own.as('f'));
    await expect(client.send(item('a'))).resolves.toBeDefined();
    own.iam.setRoles([role('f', [allow('s3:*', '*')])]);
    await expect(client.send(item('a'))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    own.iam.setRoles([]);
    await expect(client.send(item('a'))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  } finally {
    await own.stop();
  }
});

test("an engine's error keeps its name, and what it throws besides stays on this machine", async () => {
  const client = cloud.dynamodb(cloud.root);
  await expect(client.send(new DescribeTableCommand({ TableName: 'T' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 400 },
  });
  expect(cloud.faults).toEqual([]);
  const failed = client.send(new ListTablesCommand());
  await expect(failed).rejects.toMatchObject({ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
  await expect(failed).rejects.not.toThrow('secret');
  expect(cloud.faults).toEqual([new Error('a secret of the machine')]);
});

test('an operation that S3 does not find is told with its key and request id', async () => {
  const client = cloud.s3Client(cloud.root);
  await expect(client.send(new GetObjectCommand({ Bucket: 'b', Key: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
    Key: '/b/none',
    $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('every call is recorded with its caller, what it needed and what became of it', async () => {
  const client = cloud.dynamodb(await tenantCredentials('with-null', 'ten_a'));
  cloud.calls.length = 0;
  await client.send(item('TENANT#ten_a'));
  await client.send(item('TENANT#ten_b')).catch(() => undefined);
  await cloud
    .dynamodb({ ...cloud.root, secretAccessKey: 'wrong' })
    .send(item('a'))
    .catch(() => undefined);
  const arn = 'arn:aws:sts::000000000000:assumed-role/with-null/ten_a';
  const requirements = [
    { action: 'dynamodb:GetItem', resource: tableArn('T'), context: { 'dynamodb:LeadingKeys': ['TENANT#ten_a'] } },
  ];
  expect(cloud.calls).toMatchObject([
    {
      callerArn: arn,
      roleArn: roleArn('with-null'),
      tags: { TenantId: 'ten_a' },
      service: 'dynamodb',
      operation: 'GetItem',
      requirements,
      allowed: true,
      allowedBy: [{ policy: 0, statement: 0 }],
      status: 200,
    },
    {
      callerArn: arn,
      allowed: false,
      errorCode: 'AccessDeniedException',
      denial: expect.stringContaining('not authorized'),
    },
    {
      callerArn: undefined,
      service: 'dynamodb',
      operation: '',
      allowed: false,
      errorCode: 'InvalidSignatureException',
    },
  ]);
});

test('a role that a trust policy refuses is recorded as a denied call', async () => {
  const sts = cloud.stsClient(await cloud.as('function'));
  cloud.calls.length = 0;
  await sts
    .send(new AssumeRoleCommand({ RoleArn: roleArn('with-null'), RoleSessionName: 'refused', SourceIdentity: 'me' }))
    .catch(() => undefined);
  expect(cloud.calls).toMatchObject([{ service: 'sts', operation: 'AssumeRole', allowed: false, status: 403 }]);
});

test('health is answered without credentials and nothing else is', async () => {
  const health = await fetch(`${cloud.endpoint}/_local/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  expect((await fetch(`${cloud.endpoint}/_local/other`)).status).toBe(403);
});

test('closing answers what was begun and takes nothing new', async () => {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const slow: Engine = {
    services: ['slow'],
    protocol: 'rest-json',
    anonymous: () => true,
    prepare: () => ({
      name: 'Wait',
      requires: [],
      async run() {
        begun.resolve();
        await release.promise;
        return { body: { done: true } };
      },
    }),
    async close() {},
  };
  const gateway = createGateway({ engines: [slow], iam: cloud.iam, sts: cloud.sts });
  const endpoint = await gateway.listen(0);
  const answer = fetch(endpoint);
  await begun.promise;
  const closed = gateway.close();
  await expect(fetch(endpoint)).rejects.toThrow();
  release.resolve();
  expect(await (await answer).json()).toEqual({ done: true });
  await closed;
});

test('two engines for one service are refused at start', () => {
  const engine = cloud.s3;
  expect(() => createGateway({ engines: [engine, engine], iam: cloud.iam, sts: cloud.sts })).toThrow('"s3"');
});
