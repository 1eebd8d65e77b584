import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, GetItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { isTenantId } from '@tenantry/core/ids/id';
import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { tryForeignRead } from '@tenantry/local/demo/foreign-read';
import { resourceNamed } from '@tenantry/local/program/graph';
import { listOf, rolesOf } from '@tenantry/local/program/roles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimsOf } from '../support/pool-token.ts';
import { tableName } from '../support/rows.ts';
import { type Founder, root, startTestCloud, type TestCloud } from '../support/test-cloud.ts';

/** The holes that published multi-tenant systems have, each tried on the running system. */
let test: TestCloud;
let pooled: Founder;
let siloed: Founder;

beforeAll(async () => {
  test = await startTestCloud();
  [pooled, siloed] = await Promise.all([test.founder('standard'), test.founder('premium')]);
}, 120_000);
afterAll(() => test?.close());

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

/** Clients with the own credentials of a function's role, as if its code forgot to scope a call. */
async function asFunction(name: string) {
  const roleArn = test.cloud.graph.functions.find(({ logicalName }) => logicalName === name)?.roleArn ?? '';
  const credentials = await test.cloud.assumeRoleForService({
    roleArn,
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName: `${name}-attempt`,
  });
  const options = { endpoint: test.cloud.urls.aws, region: 'us-east-1', credentials };
  return { dynamodb: new DynamoDBClient(options), s3: new S3Client({ ...options, forcePathStyle: true }) };
}

it('hole closed: no user can write a tenant claim', async () => {
  const cognito = new CognitoIdentityProviderClient({
    endpoint: test.cloud.urls.aws,
    region: 'us-east-1',
    credentials: test.cloud.rootCredentials,
  });
  const { person } = pooled;
  for (const Name of ['custom:tenantId', 'custom:role', 'tenantId']) {
    const UserAttributes = [{ Name, Value: siloed.tenantId }];
    const write = new UpdateUserAttributesCommand({ AccessToken: person.accessToken, UserAttributes });
    expect(await nameOf(cognito.send(write)), Name).toMatch(/NotAuthorizedException|InvalidParameterException/);
    const signUp = new SignUpCommand({
      ClientId: test.instance.clientId,
      Username: 'intruder@example.com',
      Password: 'Correct-horse-7-battery',
      UserAttributes: [{ Name: 'email', Value: 'intruder@example.com' }, ...UserAttributes],
    });
    expect(await nameOf(cognito.send(signUp)), Name).toMatch(/NotAuthorizedException|InvalidParameterException/);
  }
  await person.refresh();
  expect(claimsOf(person.accessToken).tenantId).toBe(pooled.tenantId);
  cognito.destroy();
});

it.each(['ApiCollector', 'ApiRecommendations', 'ApiKeys', 'ApiOperator', 'ConsumersEventArchive', 'TasksTrainModel'])(
  'hole closed: the execution role of %s reads nobody’s rows when a call is not scoped',
  async (name) => {
    const { dynamodb, s3 } = await asFunction(name);
    for (const table of ['Control', 'Events', 'Recommendations', 'Catalogue', 'Attribution', 'Usage', 'Audit']) {
      const TableName = tableName(test.cloud, table);
      const calls = {
        scan: new ScanCommand({ TableName }),
        query: new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `${pooled.tenantId}#shopper-1` } },
        }),
        read: new GetItemCommand({ TableName, Key: { pk: { S: `${pooled.tenantId}#shopper-1` }, sk: { S: 'x' } } }),
      };
      expect(await nameOf(dynamodb.send(calls.scan)), `scan of ${table}`).toBe('AccessDeniedException');
      expect(await nameOf(dynamodb.send(calls.query)), `query of ${table}`).toBe('AccessDeniedException');
      expect(await nameOf(dynamodb.send(calls.read)), `read of ${table}`).toBe('AccessDeniedException');
    }
    for (const bucket of ['Models', 'Archive']) {
      const Bucket = resourceNamed(test.cloud.graph, 'aws:s3/bucket:Bucket', `${bucket}Bucket`).id;
      expect(await nameOf(s3.send(new ListObjectsV2Command({ Bucket })))).toBe('AccessDenied');
      const object = new GetObjectCommand({ Bucket, Key: `models/${pooled.tenantId}/serving/current.json` });
      expect(await nameOf(s3.send(object))).toBe('AccessDenied');
    }
    dynamodb.destroy();
    s3.destroy();
  },
);

it('hole closed: a call without keys passes no condition on keys, neither by its action nor by ForAllValues', async () => {
  const taker = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'ApiKeys');
  const credentials = await test.cloud.assumeRoleForService({
    roleArn: taker?.roleArn ?? '',
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName: 'hole-attempt',
  });
  const options = { endpoint: test.cloud.urls.aws, region: 'us-east-1' };
  const vendor = createCredentialVendor({
    sts: new STSClient({ ...options, credentials }),
    roleArns: { 'tenant-keys': taker?.environment.TENANT_KEYS_ROLE_ARN ?? '' },
  });
  if (!isTenantId(pooled.tenantId)) throw new Error('not a tenant id');
  const vended = await vendor.credentialsFor('tenant-keys', { tenantId: pooled.tenantId, requestId: 'attempt' });
  const dynamodb = new DynamoDBClient({ ...options, credentials: vended });
  const TableName = tableName(test.cloud, 'Control');
  expect(await nameOf(dynamodb.send(new ScanCommand({ TableName })))).toBe('AccessDeniedException');
  dynamodb.destroy();
  // What would hold even if somebody granted the action.
  const profile = rolesOf(test.cloud.graph).find(({ name }) => name.endsWith('-tenant-keys'));
  const statements = Object.values(profile?.policies ?? {}).flatMap(({ Statement }) => Statement);
  expect(statements.length).toBeGreaterThan(0);
  for (const { Condition } of statements) expect(Condition?.Null).toEqual({ 'dynamodb:LeadingKeys': 'false' });
});

it('hole closed: no request hands STS a session policy, which 2,048 characters would limit', async () => {
  const key = await pooled.person.createKey('secret');
  await pooled.person.api('recommend', { bearer: key, body: { shopperId: 'nobody' } });
  const policies = test.cloud.calls
    .all()
    .filter(({ service, operation }) => service === 'sts' && operation === 'AssumeRole')
    .flatMap(({ requirements }) => requirements.map(({ action }) => action));
  expect(new Set(policies)).toEqual(new Set(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']));
  const source = readFileSync(join(root, 'packages/core/src/isolation/credentials.ts'), 'utf8');
  expect(source).not.toMatch(/\bPolicy(Arns)?:/);
});

it('hole closed: provisioning holds no wildcard action, no wildcard on data or rights, and cannot read what it provisions', async () => {
  const provisioning = rolesOf(test.cloud.graph).filter(({ logicalName }) => /^TasksOnboarding/.test(logicalName));
  expect(provisioning.length).toBeGreaterThan(4);
  for (const { policies, logicalName } of provisioning) {
    for (const { Action, Resource } of Object.values(policies).flatMap(({ Statement }) => Statement)) {
      for (const action of listOf(Action)) {
        expect(action, logicalName).not.toContain('*');
        const wide = listOf(Resource).some((resource) => resource.includes('*'));
        if (wide) expect(action, logicalName).not.toMatch(/^(iam|s3|sts|eks|sqs):|Item|Query|Scan|Delete|PartiQL/);
      }
    }
  }
  const { dynamodb } = await asFunction('TasksOnboardingStorage');
  const prefix = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'ApiCollector')?.environment;
  const TableName = `${prefix?.SILO_TABLE_PREFIX}${siloed.tenantId}-events`;
  expect(await nameOf(dynamodb.send(new ScanCommand({ TableName })))).toBe('AccessDeniedException');
  dynamodb.destroy();
});

it('hole closed: the role that pods share lets none read another tenant', async () => {
  if (!isTenantId(siloed.tenantId) || !isTenantId(pooled.tenantId)) throw new Error('not a tenant id');
  const attempt = await tryForeignRead(test.cloud, siloed.tenantId, pooled.tenantId);
  expect(attempt).toMatchObject({ denied: true });
});
