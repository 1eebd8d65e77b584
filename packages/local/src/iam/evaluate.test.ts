import { describe, expect, test } from 'vitest';
import { createContext } from './context.ts';
import { type Decision, evaluate, evaluateTrust } from './evaluate.ts';
import { parsePolicy } from './policy.ts';

type Values = Readonly<Record<string, string | readonly string[]>>;

const policy = (...statements: object[]) => parsePolicy({ Version: '2012-10-17', Statement: statements }, 'identity');
const statement = (change: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...change });
const variable = (key: string): string => `\${${key}}`;

const decide = (policies: object[], request: { action?: string; resource?: string; context?: Values } = {}): Decision =>
  evaluate(
    {
      action: request.action ?? 's3:GetObject',
      resource: request.resource ?? 'arn:aws:s3:::bucket/key',
      context: createContext(request.context ?? {}),
    },
    { identity: [policy(...policies)] },
  );
const allows = (condition: object, context: Values): boolean =>
  decide([statement({ Condition: condition })], { context }).allowed;

const allowed = { allowed: true, by: { policy: 0, statement: 0 } };
const implicit = { allowed: false, explicit: false, source: 'identity' };
const explicit = { allowed: false, explicit: true, source: 'identity' };

describe('statements', () => {
  test('that say nothing deny, and an explicit deny wins over any allow, in any order', () => {
    const deny = statement({ Effect: 'Deny', Action: 's3:Get*' });
    expect(decide([statement({ Action: 's3:Put*' })])).toEqual(implicit);
    expect(decide([statement(), deny])).toEqual(explicit);
    expect(decide([deny, statement()])).toEqual(explicit);
    expect(decide([statement()])).toEqual(allowed);
  });

  test('match actions in any letters and resources in their own', () => {
    expect(decide([statement({ Action: 'S3:getobject' })]).allowed).toBe(true);
    expect(decide([statement({ Resource: 'arn:aws:s3:::Bucket/*' })]).allowed).toBe(false);
  });

  test('with NotAction and NotResource match everything else', () => {
    expect(decide([statement({ Action: undefined, NotAction: 's3:Put*' })]).allowed).toBe(true);
    expect(decide([statement({ Action: undefined, NotAction: ['iam:*', 's3:Get*'] })]).allowed).toBe(false);
    const not = (resource: string) => [statement({ Resource: undefined, NotResource: resource })];
    expect(decide(not('arn:aws:s3:::other/*')).allowed).toBe(true);
    expect(decide(not('arn:aws:s3:::bucket/*')).allowed).toBe(false);
  });

  test('on a single resource do not cover a call that has none', () => {
    const list = { action: 'dynamodb:ListTables', resource: '*' };
    expect(decide([statement({ Resource: 'arn:aws:dynamodb:*:*:table/*' })], list).allowed).toBe(false);
    expect(decide([statement()], list).allowed).toBe(true);
  });

  test('of the 2008 version take variables literally', () => {
    const resource = `arn:aws:s3:::bucket/${variable('aws:PrincipalTag/x')}`;
    const old = parsePolicy({ Statement: statement({ Resource: resource }) }, 'identity');
    const ask = (asked: string) =>
      evaluate(
        { action: 's3:GetObject', resource: asked, context: createContext({ 'aws:PrincipalTag/x': 'a' }) },
        { identity: [old] },
      ).allowed;
    expect(ask('arn:aws:s3:::bucket/a')).toBe(false);
    expect(ask(resource)).toBe(true);
  });
});

test('an asterisk that is meant is an asterisk, also where whole strings are compared', () => {
  for (const operator of ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase']) {
    const condition = { [operator]: { 's3:prefix': `a${variable('*')}` } };
    expect(allows(condition, { 's3:prefix': 'a*' })).toBe(true);
    expect(allows(condition, { 's3:prefix': 'ab' })).toBe(false);
  }
});

test('an allowed call names the first statement that let it in, which conditions count for', () => {
  const elsewhere = policy(statement({ Action: 's3:PutObject' }));
  const conditional = statement({ Condition: { StringEquals: { 'aws:PrincipalTag/x': 'a' } } });
  const ask = (tag: string) =>
    evaluate(
      { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context: createContext({ 'aws:PrincipalTag/x': tag }) },
      { identity: [elsewhere, policy(statement({ Action: 's3:Put*' }), conditional, statement(), statement())] },
    );
  expect(ask('a')).toEqual({ allowed: true, by: { policy: 1, statement: 1 } });
  expect(ask('b')).toEqual({ allowed: true, by: { policy: 1, statement: 2 } });
});

describe('a session policy', () => {
  const ask = (identity: object[], session: object[]) =>
    evaluate(
      { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context: createContext({}) },
      { identity: [policy(...identity)], session: policy(...session) },
    );
  const deny = statement({ Effect: 'Deny' });
  const other = statement({ Action: 's3:PutObject' });

  test('and the identity must both allow', () => {
    expect(ask([statement()], [statement()])).toEqual(allowed);
    expect(ask([statement()], [other])).toEqual({ allowed: false, explicit: false, source: 'session' });
    expect(ask([other], [statement()])).toEqual(implicit);
    expect(ask([statement()], [statement(), deny])).toEqual({ allowed: false, explicit: true, source: 'session' });
    expect(ask([statement(), deny], [statement()])).toEqual(explicit);
  });
});

describe('an absent key', () => {
  const key = { 'dynamodb:LeadingKeys': 'a' };

  test.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringLike', false],
    ['StringNotLike', true],
    ['StringEqualsIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAllValues:StringNotEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('makes %s %s', (operator, expected) => {
    expect(allows({ [operator]: key }, {})).toBe(expected);
    expect(allows({ [operator]: key }, { 'dynamodb:LeadingKeys': [] })).toBe(expected);
  });

  test('is what Null asks for', () => {
    const asks = (value: string, context: Values) => allows({ Null: { 'aws:PrincipalTag/x': value } }, context);
    expect(asks('true', {})).toBe(true);
    expect(asks('false', {})).toBe(false);
    expect(asks('false', { 'aws:principaltag/X': 'a' })).toBe(true);
    expect(asks('false', { 'aws:PrincipalTag/x': '' })).toBe(true);
    expect(asks('true', { 'aws:PrincipalTag/x': 'a' })).toBe(false);
  });
});

describe('a key with several values', () => {
  const asks = (operator: string, policyValues: string[], values: string[]) =>
    allows({ [operator]: { 'aws:TagKeys': policyValues } }, { 'aws:TagKeys': values });

  test.each([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'c'], false],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
    ['ForAnyValue:StringNotLike', ['a*'], ['ab', 'ac'], false],
    ['StringEquals', ['a', 'b'], ['a', 'b'], false],
    ['StringNotEquals', ['c'], ['a', 'b'], false],
  ])('%s of %j holds for %j: %s', (operator, policyValues, values, expected) => {
    expect(asks(operator, policyValues, values)).toBe(expected);
  });
});

describe('operators', () => {
  test.each([
    ['StringEquals', 'aws:userid', 'a', 'a', true],
    ['StringEquals', 'aws:userid', 'a', 'A', false],
    ['StringEquals', 'aws:userid', 'a*', 'ab', false],
    ['StringEqualsIgnoreCase', 'aws:userid', 'Ab', 'aB', true],
    ['StringNotEqualsIgnoreCase', 'aws:userid', 'Ab', 'aB', false],
    ['StringLike', 'aws:userid', 'a*c?', 'abbcd', true],
    ['StringNotLike', 'aws:userid', 'a*', 'ab', false],
    ['NumericEquals', 's3:max-keys', '10', '10.0', true],
    ['NumericNotEquals', 's3:max-keys', '10', '11', true],
    ['NumericLessThan', 's3:max-keys', '10', '9', true],
    ['NumericLessThan', 's3:max-keys', '10', '10', false],
    ['NumericLessThanEquals', 's3:max-keys', '10', '10', true],
    ['NumericGreaterThan', 's3:max-keys', '10', '10', false],
    ['NumericGreaterThanEquals', 's3:max-keys', '10', '10', true],
    ['NumericNotEquals', 's3:max-keys', '10', 'many', false],
    ['DateLessThan', 'aws:CurrentTime', '2026-01-02T00:00:00Z', '2026-01-01T23:59:59Z', true],
    ['DateGreaterThan', 'aws:CurrentTime', '2026-01-02', '2026-01-01T23:59:59Z', false],
    ['DateEquals', 'aws:CurrentTime', '1767225600', '2026-01-01T00:00:00Z', true],
    ['DateNotEquals', 'aws:CurrentTime', '2026-01-01T00:00:00+01:00', '2025-12-31T23:00:00Z', false],
    ['Bool', 'aws:SecureTransport', 'True', 'true', true],
    ['Bool', 'aws:SecureTransport', 'false', 'true', false],
    ['BinaryEquals', 'aws:PrincipalTag/b', 'QUI=', 'QUI=', true],
    ['BinaryEquals', 'aws:PrincipalTag/b', 'QUI=', 'QUM=', false],
    ['IpAddress', 'aws:SourceIp', '10.1.0.0/16', '10.1.2.3', true],
    ['IpAddress', 'aws:SourceIp', '10.1.0.0/16', '10.2.2.3', false],
    ['IpAddress', 'aws:SourceIp', '2001:db8::/32', '2001:db8::1', true],
    ['IpAddress', 'aws:SourceIp', '127.0.0.1', '127.0.0.1', true],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', '10.1.1.1', false],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', '11.1.1.1', true],
    ['ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::1:role/a*', 'arn:aws:iam::1:role/ab', true],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/a', 'arn:aws:iam::1:role/a', true],
    ['ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/b', true],
    ['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::1:role/*', 'arn:aws:iam::1:role/b', false],
  ])('%s on %s: %s against %s is %s', (operator, key, policyValue, value, expected) => {
    expect(allows({ [operator]: { [key]: policyValue } }, { [key]: value })).toBe(expected);
  });

  test('must all hold, with all of their keys; of values one is enough', () => {
    const condition = {
      StringEquals: { 'aws:PrincipalTag/a': ['1', '2'], 'aws:PrincipalTag/b': 'x' },
      StringLike: { 'aws:userid': 'u*' },
    };
    const good = { 'aws:PrincipalTag/a': '2', 'aws:PrincipalTag/b': 'x', 'aws:userid': 'user' };
    expect(allows(condition, good)).toBe(true);
    for (const key of Object.keys(good)) expect(allows(condition, { ...good, [key]: 'wrong' })).toBe(false);
  });

  test('take keys and tag names in any letters, and tag values in their own', () => {
    const condition = { StringEquals: { 'AWS:PRINCIPALTAG/TenantID': 'ten_a' } };
    expect(allows(condition, { 'aws:PrincipalTag/tenantid': 'ten_a' })).toBe(true);
    expect(allows(condition, { 'aws:PrincipalTag/tenantid': 'TEN_A' })).toBe(false);
  });
});

describe('a variable without a value', () => {
  const tenant = variable('aws:PrincipalTag/TenantId');
  const key = 'dynamodb:LeadingKeys';

  test('equals nothing, so that positive conditions fail and negated ones hold', () => {
    expect(allows({ StringEquals: { [key]: tenant } }, { [key]: tenant })).toBe(false);
    expect(allows({ 'ForAllValues:StringLike': { [key]: `${tenant}*` } }, { [key]: ['x'] })).toBe(false);
    expect(allows({ StringNotEquals: { [key]: tenant } }, { [key]: 'x' })).toBe(true);
    expect(allows({ StringEquals: { [key]: ['x', tenant] } }, { [key]: 'x' })).toBe(true);
  });

  test('of several values counts as none', () => {
    const context = { [key]: 'a', 'aws:TagKeys': ['a', 'b'] };
    expect(allows({ StringEquals: { [key]: variable('aws:TagKeys') } }, context)).toBe(false);
  });

  test('names no resource, so that NotResource leaves nothing out', () => {
    const resource = `arn:aws:s3:::bucket/${tenant}/*`;
    const request = { resource: 'arn:aws:s3:::bucket//k' };
    expect(decide([statement({ Resource: resource })], request).allowed).toBe(false);
    expect(decide([statement({ Resource: undefined, NotResource: resource })], request).allowed).toBe(true);
  });
});

describe('trust', () => {
  const role = 'arn:aws:iam::000000000000:role/path/f';
  const session = 'arn:aws:sts::000000000000:assumed-role/f/s';
  const identity = { kind: 'identity', accountId: '000000000000', arn: session, roleArn: role } as const;
  const trusts = (principal: unknown, asker: Parameters<typeof evaluateTrust>[1]['asker'] = identity) => {
    const document = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal },
    };
    const request = { action: 'sts:AssumeRole', asker, context: createContext({}) };
    return evaluateTrust(parsePolicy(document, 'trust'), request).allowed;
  };

  test.each([
    ['everybody', '*', true],
    ['every identity', { AWS: '*' }, true],
    ['the account by its root', { AWS: 'arn:aws:iam::000000000000:root' }, true],
    ['the account by its number', { AWS: '000000000000' }, true],
    ['another account', { AWS: '111111111111' }, false],
    ['the role', { AWS: ['arn:aws:iam::000000000000:role/x', role] }, true],
    ['the session', { AWS: session }, true],
    ['another session', { AWS: 'arn:aws:sts::000000000000:assumed-role/f/t' }, false],
    ['a role whose path is another', { AWS: 'arn:aws:iam::000000000000:role/f' }, false],
    ['a service', { Service: 'lambda.amazonaws.com' }, false],
    ['an identity provider', { Federated: 'arn:aws:iam::000000000000:oidc-provider/x' }, false],
  ])('in %s reaches a session accordingly', (_, principal, expected) => {
    expect(trusts(principal)).toBe(expected);
  });

  test('in a service is for that service alone', () => {
    const service = (name: string) => ({ kind: 'service', service: name }) as const;
    expect(trusts({ Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] }, service('states.amazonaws.com'))).toBe(
      true,
    );
    expect(trusts({ Service: 'lambda.amazonaws.com' }, service('states.amazonaws.com'))).toBe(false);
    expect(trusts({ AWS: '*' }, service('states.amazonaws.com'))).toBe(false);
  });
});
