import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyDocument } from './policy-document.ts';

const parse = (statements: readonly object[]) => JSON.parse(String(policyDocument({ statements }).json)) as unknown;

describe('a policy document', () => {
  it('carries actions, resources, principals and conditions over unchanged', () => {
    expect(
      parse([
        {
          sid: 'Rows',
          effect: 'Deny',
          actions: ['dynamodb:GetItem'],
          resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/a'],
          principals: [{ type: 'AWS', identifiers: ['arn:aws:iam::000000000000:role/r'] }],
          conditions: [
            { test: 'StringLike', variable: 'dynamodb:LeadingKeys', values: ['A#*'] },
            { test: 'StringLike', variable: 'dynamodb:LeadingKeys', values: ['B#*'] },
            { test: 'Null', variable: 'dynamodb:LeadingKeys', values: ['false'] },
          ],
        },
      ]),
    ).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Rows',
          Effect: 'Deny',
          Principal: { AWS: ['arn:aws:iam::000000000000:role/r'] },
          Action: ['dynamodb:GetItem'],
          Resource: ['arn:aws:dynamodb:us-east-1:000000000000:table/a'],
          Condition: {
            StringLike: { 'dynamodb:LeadingKeys': ['A#*', 'B#*'] },
            Null: { 'dynamodb:LeadingKeys': ['false'] },
          },
        },
      ],
    });
  });

  it('loses no statement and no action, whatever they are', () => {
    const statement = fc.record({
      actions: fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
      resources: fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(parse(statements)).toEqual({
          Version: '2012-10-17',
          Statement: statements.map(({ actions, resources }) => ({
            Effect: 'Allow',
            Action: actions,
            Resource: resources,
          })),
        });
      }),
    );
  });

  it('refuses a statement that says more than it can express', () => {
    expect(() => parse([{ notActions: ['iam:*'], resources: ['*'] }])).toThrow('"notActions"');
  });
});
