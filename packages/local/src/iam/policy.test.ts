import { describe, expect, test } from 'vitest';
import { type PolicyKind, parsePolicy } from './policy.ts';

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
const parse = (change: object, kind: PolicyKind = 'identity', base: object = statement) =>
  parsePolicy({ Version: '2012-10-17', Statement: [{ ...base, ...change }] }, kind);
const condition = (block: unknown) => () => parse({ Condition: block });

describe('a policy', () => {
  test('is read from JSON text and from an object, with one statement or several', () => {
    const document = { Version: '2012-10-17', Id: 'x', Statement: statement };
    expect(parsePolicy(document, 'identity').statements).toHaveLength(1);
    expect(
      parsePolicy(JSON.stringify({ ...document, Statement: [statement, statement] }), 'identity').statements,
    ).toHaveLength(2);
  });

  test.each([
    ['text that is not JSON', '{'],
    ['another version', { Version: '2020-01-01', Statement: statement }],
    ['no statement', { Version: '2012-10-17', Statement: [] }],
    ['a missing statement', { Version: '2012-10-17' }],
    ['an unknown element', { Version: '2012-10-17', Statement: statement, Extra: 1 }],
    ['a list', [statement]],
  ])('is refused with %s', (_, document) => {
    expect(() => parsePolicy(document, 'identity')).toThrow();
  });

  test.each([
    ['an unknown element', { Resources: '*' }],
    ['an unknown effect', { Effect: 'allow' }],
    ['no action', { Action: undefined }],
    ['an empty list of actions', { Action: [] }],
    ['an action without a service', { Action: 'GetObject' }],
    ['a wildcard in the service', { Action: 's*:Get' }],
    ['both Action and NotAction', { NotAction: 's3:Put*' }],
    ['no resource', { Resource: undefined }],
    ['a resource that is no ARN', { Resource: 'bucket/*' }],
    ['both Resource and NotResource', { NotResource: '*' }],
    ['a principal', { Principal: '*' }],
    ['a Sid that is no text', { Sid: 1 }],
  ])('of an identity is refused when a statement has %s', (_, change) => {
    expect(() => parse(change)).toThrow(/^Statement 1: /);
  });

  test.each([
    ['no principal', { Principal: undefined }],
    ['a resource', { Resource: '*' }],
    ['an empty principal', { Principal: {} }],
    ['an empty list of principals', { Principal: { AWS: [] } }],
    ['a principal of an unknown kind', { Principal: { Robot: 'x' } }],
    ['a wildcard in a principal', { Principal: { AWS: 'arn:aws:iam::000000000000:role/*' } }],
    ['a service that is none', { Principal: { Service: 'lambda' } }],
    ['NotPrincipal', { NotPrincipal: { AWS: '*' } }],
  ])('of trust is refused when a statement has %s', (_, change) => {
    expect(() => parse(change, 'trust', trust)).toThrow(/^Statement 1: /);
  });

  test('says which statement is at fault', () => {
    const document = { Version: '2012-10-17', Statement: [statement, { ...statement, Effect: 'Maybe' }] };
    expect(() => parsePolicy(document, 'identity')).toThrow('Statement 2: "Effect" must be "Allow" or "Deny".');
  });
});

describe('a condition', () => {
  test.each([
    ['an unknown operator', { StringEqual: { 'aws:SourceIp': 'x' } }],
    ['an operator in other letters', { stringequals: { 'aws:userid': 'x' } }],
    ['an unknown quantifier', { 'ForSomeValues:StringEquals': { 'aws:userid': 'x' } }],
    ['Null of several', { 'ForAllValues:Null': { 'aws:userid': 'true' } }],
    ['NullIfExists', { NullIfExists: { 'aws:userid': 'true' } }],
    ['Null of something else', { Null: { 'aws:userid': 'yes' } }],
    ['an unknown global key', { StringEquals: { 'aws:PrincipalTags/TenantId': 'x' } }],
    ['an unknown key of a service', { StringEquals: { 'dynamodb:LeadingKey': 'x' } }],
    ['a family without a member', { StringEquals: { 'aws:PrincipalTag': 'x' } }],
    ['a member of what is no family', { StringEquals: { 'aws:userid/x': 'x' } }],
    ['a key without a service', { StringEquals: { LeadingKeys: 'x' } }],
    ['a number that is none', { NumericLessThan: { 's3:max-keys': 'ten' } }],
    ['a date that is none', { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }],
    ['a boolean that is none', { Bool: { 'aws:SecureTransport': 'yes' } }],
    ['an address that is none', { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }],
    ['an ARN that is none', { ArnLike: { 'aws:PrincipalArn': 'role/x' } }],
    ['a variable in a number', { NumericEquals: { 's3:max-keys': `\${aws:userid}` } }],
    ['no keys', { StringEquals: {} }],
    ['no values', { StringEquals: { 'aws:userid': [] } }],
    ['a value that is an object', { StringEquals: { 'aws:userid': {} } }],
    ['a list', []],
  ])('is refused with %s', (_, block) => {
    expect(condition(block)).toThrow(/^Statement 1: /);
  });

  test('may use keys of services that do not run here, in any letters', () => {
    expect(condition({ StringEquals: { 'ec2:ResourceTag/x': 'y', 'AWS:principaltag/A': 'z' } })).not.toThrow();
    expect(condition({ Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 's3:max-keys': 10 } })).not.toThrow();
  });
});
