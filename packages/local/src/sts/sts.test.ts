import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  DecodeAuthorizationMessageCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { presignedRequest, send, signedRequest } from '../gateway/testing/signed-request.ts';
import {
  allow,
  type Credentials,
  role,
  roleArn,
  startTestCloud,
  type TestCloud,
  trustOf,
} from '../gateway/testing/test-cloud.ts';
import { createSts } from './sts.ts';

const asking = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
const all = [allow('dynamodb:*', '*')];

let cloud: TestCloud;
beforeAll(async () => {
  const from = (name: string, actions = asking, condition?: object) =>
    trustOf({ AWS: roleArn(name) }, actions, condition);
  cloud = await startTestCloud({
    roles: [
      role('function', [allow(asking, '*')]),
      role('stranger', [allow(asking, '*')]),
      role('unprivileged', all),
      role('only-assume', [allow('sts:AssumeRole', '*')]),
      role('any-tenant', [allow('dynamodb:*', '*'), allow(asking, '*')], {
        trustPolicy: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: [roleArn('function'), roleArn('unprivileged'), roleArn('only-assume')] },
            Action: asking,
          },
        },
        tags: { Team: 'shop', TenantId: 'of-the-role' },
      }),
      role('named-tenant', all, {
        trustPolicy: from('function', asking, {
          StringLike: { 'aws:RequestTag/TenantId': 'ten_*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['TenantId'] },
        }),
      }),
      role('no-tags', all, { trustPolicy: from('function', ['sts:AssumeRole']) }),
      role('account', all, { trustPolicy: trustOf({ AWS: 'arn:aws:iam::000000000000:root' }) }),
      role('denying', all, {
        trustPolicy: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: asking },
            { Effect: 'Deny', Principal: { AWS: roleArn('stranger') }, Action: 'sts:AssumeRole' },
          ],
        },
      }),
      role('only-assume-later', [allow('sts:AssumeRole', '*')], { trustPolicy: from('function') }),
      role('next', [...all, allow(asking, '*')], {
        trustPolicy: trustOf({ AWS: [roleArn('any-tenant'), roleArn('only-assume-later')] }, asking),
      }),
      role('next-without-tags', all, { trustPolicy: from('any-tenant', ['sts:AssumeRole']) }),
      role('external', all, { trustPolicy: from('function', asking, { StringEquals: { 'sts:ExternalId': 'xyz' } }) }),
      role('pod', all, {
        trustPolicy: trustOf({ Service: 'pods.eks.amazonaws.com' }, ['sts:AssumeRole', 'sts:TagSession'], {
          StringEquals: { 'aws:RequestTag/eks-cluster-name': 'silos' },
        }),
      }),
    ],
  });
});
afterAll(() => cloud.stop());
afterEach(() => {
  cloud.clock.offset = 0;
});

const assume = async (by: Credentials, name: string, input: Partial<AssumeRoleCommandInput> = {}) => {
  const { Credentials: given, ...rest } = await cloud
    .stsClient(by)
    .send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'session', ...input }));
  return {
    ...rest,
    credentials: {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    },
    expiration: given?.Expiration,
  };
};
const tenant = (id: string) => ({ Tags: [{ Key: 'TenantId', Value: id }] });
const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
const whoIs = (credentials: Credentials) => cloud.stsClient(credentials).send(new GetCallerIdentityCommand());
const principalOf = (credentials: Credentials) =>
  cloud.sts.resolveCredentials(credentials.accessKeyId, credentials.sessionToken).principal;

describe('AssumeRole', () => {
  test('gives credentials whose caller is the session', async () => {
    const { credentials, AssumedRoleUser, PackedPolicySize, expiration } = await assume(
      await cloud.as('function'),
      'any-tenant',
      tenant('ten_a'),
    );
    const arn = 'arn:aws:sts::000000000000:assumed-role/any-tenant/session';
    expect(AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session$/) });
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(Math.round(((expiration?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(60);
    expect(await whoIs(credentials)).toMatchObject({
      Account: '000000000000',
      Arn: arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
  });

  test("needs the caller's own policies to allow it, even where the role trusts the caller", async () => {
    const by = await cloud.as('unprivileged');
    await expect(assume(by, 'any-tenant')).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining('no identity-based policy allows the sts:AssumeRole action'),
    });
  });

  test("needs the role's trust, even where the caller's policies allow it, and does not say which roles exist", async () => {
    const by = await cloud.as('stranger');
    const message = (name: string) =>
      `User: arn:aws:sts::000000000000:assumed-role/stranger/a-function is not authorized to perform: sts:AssumeRole on resource: ${roleArn(name)}`;
    for (const name of ['any-tenant', 'does-not-exist', 'denying', 'pod']) {
      await expect(assume(by, name)).rejects.toMatchObject({ ...denied, message: message(name) });
    }
    await expect(assume(by, 'account')).resolves.toBeDefined();
    await expect(assume(await cloud.as('function'), 'denying')).resolves.toBeDefined();
  });

  test('needs sts:TagSession on both sides for tags, and sts:SetSourceIdentity for a source identity', async () => {
    const by = await cloud.as('function');
    await expect(assume(by, 'no-tags')).resolves.toBeDefined();
    await expect(assume(by, 'no-tags', tenant('ten_a'))).rejects.toMatchObject({
      message: expect.stringContaining('sts:TagSession'),
    });
    await expect(assume(by, 'no-tags', { SourceIdentity: 'me' })).rejects.toMatchObject({
      message: expect.stringContaining('sts:SetSourceIdentity'),
    });
    const limited = await cloud.as('only-assume');
    await expect(assume(limited, 'any-tenant', tenant('ten_a'))).rejects.toThrow(
      'no identity-based policy allows the sts:TagSession',
    );
    await expect(assume(limited, 'any-tenant', { SourceIdentity: 'me' })).rejects.toThrow('sts:SetSourceIdentity');
  });

  test('is held to conditions of the trust policy on tags', async () => {
    const by = await cloud.as('function');
    await expect(assume(by, 'named-tenant', tenant('ten_a'))).resolves.toBeDefined();
    await expect(assume(by, 'named-tenant')).rejects.toMatchObject(denied);
    await expect(assume(by, 'named-tenant', tenant('other'))).rejects.toMatchObject(denied);
    const more = { Tags: [...tenant('ten_a').Tags, { Key: 'Role', Value: 'admin' }] };
    await expect(assume(by, 'named-tenant', more)).rejects.toMatchObject(denied);
  });

  test('is held to the external id', async () => {
    const by = await cloud.as('function');
    await expect(assume(by, 'external')).rejects.toMatchObject(denied);
    await expect(assume(by, 'external', { ExternalId: 'abc' })).rejects.toMatchObject(denied);
    await expect(assume(by, 'external', { ExternalId: 'xyz' })).resolves.toBeDefined();
  });

  test('is not for root', async () => {
    await expect(assume(cloud.root, 'account')).rejects.toThrow('Roles may not be assumed by root accounts.');
  });

  test("replaces the role's tags by those of the session, whatever their case, and keeps the others", async () => {
    const { credentials } = await assume(await cloud.as('function'), 'any-tenant', {
      Tags: [{ Key: 'tenantid', Value: 'ten_a' }],
    });
    expect(principalOf(credentials).tags).toEqual({ Team: 'shop', tenantid: 'ten_a' });
  });

  test('hands transitive tags and the source identity on, which cannot be changed', async () => {
    const first = await assume(await cloud.as('function'), 'any-tenant', {
      Tags: [...tenant('ten_a').Tags, { Key: 'Once', Value: 'only' }],
      TransitiveTagKeys: ['TenantId'],
      SourceIdentity: 'ten_a.request',
    });
    expect(first.SourceIdentity).toBe('ten_a.request');
    const second = await assume(first.credentials, 'next');
    expect(principalOf(second.credentials)).toMatchObject({
      tags: { TenantId: 'ten_a' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: 'ten_a.request',
    });
    expect(Object.keys(principalOf(second.credentials).tags)).toEqual(['TenantId']);
    await expect(
      assume(first.credentials, 'next', { Tags: [{ Key: 'tenantID', Value: 'ten_b' }] }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(assume(first.credentials, 'next', { SourceIdentity: 'other' })).rejects.toMatchObject(denied);
    await expect(assume(first.credentials, 'next-without-tags')).rejects.toThrow('sts:TagSession');
  });

  test("needs the caller's own permission for tags that are handed on, too", async () => {
    const tags = { ...tenant('ten_a'), TransitiveTagKeys: ['TenantId'] };
    const by = (await assume(await cloud.as('function'), 'only-assume-later', tags)).credentials;
    await expect(assume(by, 'next')).rejects.toThrow('no identity-based policy allows the sts:TagSession action');
  });

  test('lasts as asked for, an hour at most', async () => {
    const by = await cloud.as('function');
    const { expiration } = await assume(by, 'any-tenant', { DurationSeconds: 900 });
    expect(Math.round(((expiration?.getTime() ?? 0) - Date.now()) / 1000)).toBeLessThanOrEqual(900);
    for (const DurationSeconds of [899, 3601, 43_201]) {
      await expect(assume(by, 'any-tenant', { DurationSeconds })).rejects.toMatchObject({ name: 'ValidationError' });
    }
  });

  test.each([
    ['a session name that is too short', { RoleSessionName: 'x' }],
    ['a session name with other characters', { RoleSessionName: 'a/b' }],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: 'y' }] }],
    ['a long tag value', { Tags: [{ Key: 'x', Value: 'y'.repeat(257) }] }],
    ['too many tags', { Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }],
    ['a long policy', { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [], Id: 'x'.repeat(2048) }) }],
    ['managed policies', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }],
  ])('refuses %s', async (_, input) => {
    await expect(assume(await cloud.as('function'), 'any-tenant', input)).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  test.each([
    [
      'InvalidParameterValue',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
    ],
    ['InvalidParameterValue', { TransitiveTagKeys: ['Missing'] }],
    ['MalformedPolicyDocumentException', { Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow"}}' }],
    [
      'PackedPolicyTooLargeException',
      {
        // Digests, which no packing makes shorter.
        Tags: Array.from({ length: 40 }, (_, n) => ({
          Key: `k${n}`,
          Value: createHash('sha512').update(String(n)).digest('base64'),
        })),
      },
    ],
  ])('answers %s as STS does', async (name, input) => {
    await expect(assume(await cloud.as('function'), 'any-tenant', input)).rejects.toMatchObject({ name });
  });

  test('narrows what the role may do by the session policy, and never widens it', async () => {
    const by = await cloud.as('function');
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow(['dynamodb:GetItem', 's3:*'], '*')] });
    const { credentials } = await assume(by, 'any-tenant', { Policy });
    const client = cloud.dynamodb(credentials);
    const key = { pk: { S: 'a' } };
    await expect(client.send(new GetItemCommand({ TableName: 'T', Key: key }))).resolves.toBeDefined();
    await expect(client.send(new PutItemCommand({ TableName: 'T', Item: key }))).rejects.toThrow(
      'because no session policy allows the dynamodb:PutItem action',
    );
    const answer = await send(
      await signedRequest({ endpoint: cloud.endpoint, credentials, service: 's3', method: 'GET', path: '/b/k' }),
    );
    expect(answer.text).toContain('no identity-based policy allows the s3:GetObject action');
  });
});

describe('GetCallerIdentity', () => {
  test('tells root who it is', async () => {
    expect(await whoIs(cloud.root)).toMatchObject({ Arn: 'arn:aws:iam::000000000000:root', UserId: '000000000000' });
  });

  test('proves an identity to somebody else by a presigned URL, with the headers that were signed', async () => {
    const credentials = await cloud.as('unprivileged');
    const request = await presignedRequest({
      endpoint: cloud.endpoint,
      credentials,
      service: 'sts',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { 'x-k8s-aws-id': 'silos' },
      expiresIn: 60,
    });
    expect(await send(request)).toMatchObject({
      status: 200,
      text: expect.stringContaining('<Arn>arn:aws:sts::000000000000:assumed-role/unprivileged/a-function</Arn>'),
    });
    for (const headers of [{}, { 'x-k8s-aws-id': 'another' }]) {
      expect(await send({ ...request, headers })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    }
    cloud.clock.offset = 62_000;
    expect((await send(request)).status).toBe(403);
  });
});

describe('an operation that STS here does not have', () => {
  test('is refused to root', async () => {
    const sts = cloud.stsClient(cloud.root);
    await expect(sts.send(new GetSessionTokenCommand())).rejects.toMatchObject({ name: 'InvalidAction' });
    await expect(sts.send(new GetFederationTokenCommand({ Name: 'bob' }))).rejects.toMatchObject({
      name: 'InvalidAction',
    });
  });

  test('is denied to whoever may not do it, before anything else is said', async () => {
    const sts = cloud.stsClient(await cloud.as('unprivileged'));
    await expect(sts.send(new GetFederationTokenCommand({ Name: 'bob' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        'sts:GetFederationToken on resource: arn:aws:sts::000000000000:federated-user/bob',
      ),
    });
    await expect(sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('makes no session out of a session', async () => {
    const sts = cloud.stsClient(await cloud.as('unprivileged'));
    await expect(sts.send(new GetSessionTokenCommand())).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
    });
  });
});

describe('a service', () => {
  test('gets credentials of a role that trusts it, and of no other', async () => {
    expect((await whoIs(await cloud.as('function'))).Arn).toBe(
      'arn:aws:sts::000000000000:assumed-role/function/a-function',
    );
    await expect(cloud.as('any-tenant')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(cloud.as('does-not-exist')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(cloud.as('function', { Tag: 'x' })).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('hands its tags on and is held to conditions on them', async () => {
    const pod = (cluster: string) =>
      cloud.sts.assumeRoleForService({
        roleArn: roleArn('pod'),
        servicePrincipal: 'pods.eks.amazonaws.com',
        sessionName: 'eks-silos-recommender',
        tags: { 'eks-cluster-name': cluster, 'kubernetes-namespace': 'a' },
      });
    expect(principalOf(await pod('silos'))).toMatchObject({
      tags: { 'kubernetes-namespace': 'a' },
      transitiveTagKeys: ['eks-cluster-name', 'kubernetes-namespace'],
    });
    await expect(pod('another')).rejects.toMatchObject({ code: 'AccessDenied' });
  });
});

describe('a restart', () => {
  test('leaves credentials valid, root and sessions alike', async () => {
    const session = await cloud.as('function');
    const again = createSts({ dir: cloud.dir, iam: cloud.iam });
    expect(again.issueRootCredentials()).toEqual(cloud.root);
    expect(again.resolveCredentials(session.accessKeyId, session.sessionToken)).toMatchObject({
      secretAccessKey: session.secretAccessKey,
      principal: { roleArn: roleArn('function') },
    });
  });

  test('keeps the key to the user of this machine and never replaces a damaged one', async () => {
    const file = join(cloud.dir, 'account.key');
    expect(statSync(file).mode & 0o077).toBe(0);
    const key = readFileSync(file);
    writeFileSync(file, key.subarray(1));
    expect(() => createSts({ dir: cloud.dir, iam: cloud.iam })).toThrow('account.key');
    writeFileSync(file, key);
  });
});

test('a session token is good for its own access key only, and not after any change', async () => {
  const session = await cloud.as('function');
  const token = Buffer.from(session.sessionToken, 'base64');
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(token);
      changed.writeUInt8(changed.readUInt8(at) ^ by, at);
      expect(() => cloud.sts.resolveCredentials(session.accessKeyId, changed.toString('base64'))).toThrow(
        'invalidToken',
      );
    }),
  );
  expect(() => cloud.sts.resolveCredentials(`${session.accessKeyId.slice(0, -1)}_`, session.sessionToken)).toThrow();
});
