import { describe, expect, it } from 'vitest';
import { allow, tableArn } from '../gateway/testing/test-cloud.ts';
import { grantedStatements, grantKey, grantsOf } from './grant.ts';
import { grantedRole } from './testing/granted-role.ts';

const grants = (...statements: object[]) => grantedStatements(grantedRole('f', statements)).flat().flatMap(grantsOf);
const forKeys = (...keys: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

describe('the grants of a statement', () => {
  it('are each action on each resource, for each pattern of keys', () => {
    const all = grants(
      allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [tableArn('A'), tableArn('B')], forKeys('TENANT#*', 'USER#*')),
    );
    expect(all).toHaveLength(8);
    expect(all[3]).toEqual({
      role: 'fRole',
      action: 'dynamodb:GetItem',
      resource: tableArn('B'),
      leadingKey: 'USER#*',
    });
    expect(new Set(all.map(grantKey)).size).toBe(8);
  });

  it('differ where other conditions do', () => {
    const only = (name: string) => ({
      ...forKeys('TENANT#*'),
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', name] },
    });
    const all = grants(
      allow('dynamodb:UpdateItem', tableArn('A'), only('name')),
      allow('dynamodb:UpdateItem', tableArn('A'), only('status')),
      allow('dynamodb:UpdateItem', tableArn('A'), forKeys('TENANT#*')),
    );
    expect(new Set(all.map(grantKey)).size).toBe(3);
  });

  it('are not guessed at: a Deny, a negation and a policy of AWS’s own are errors that name the role', () => {
    const deny = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' };
    expect(() => grants(deny)).toThrow('Nobody can tell what of a Deny the role fRole uses.');
    expect(() => grants({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' })).toThrow(/a negation/);
    expect(() => grants({ Effect: 'Allow', Action: 's3:GetObject', NotResource: '*' })).toThrow(/a negation/);
    const managedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    expect(() => grantedStatements(grantedRole('f', [], { managedPolicyArns }))).toThrow(
      /AdministratorAccess .* fRole/,
    );
  });
});
