import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './policy.ts';

/** Small alphabets, so that what is asked and what is said meet often. */
const value = fc.constantFrom('a', 'b', 'ab', 'TENANT#a', 'TENANT#b', 'A', 'a*');
const tag = fc.constantFrom(`\${aws:PrincipalTag/TenantId}`, `\${aws:PrincipalTag/Absent}`);
/** An asterisk that is meant: the simulator takes its name for the text where whole strings are compared, AWS gives it its value there too. */
const asterisk = fc.constant(`\${*}`);
const variable = fc.oneof({ weight: 2, arbitrary: tag }, asterisk);
const withVariable = (name: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: value },
    fc.tuple(value, name).map(([start, end]) => start + end),
    name,
  );
const text = withVariable(tag);
const like = fc.oneof(withVariable(variable), fc.constantFrom('*', '?', 'a*', 'TENANT#*', '*#?', '?b'));

const singleKey = fc.constantFrom(
  'aws:PrincipalTag/TenantId',
  'aws:PrincipalTag/Absent',
  's3:prefix',
  'AWS:principaltag/tenantid',
);
const multiKey = fc.constantFrom('dynamodb:LeadingKeys', 'aws:TagKeys');

const list = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const block = <T>(operator: fc.Arbitrary<string>, key: fc.Arbitrary<string>, values: fc.Arbitrary<T>) =>
  fc.tuple(operator, key, list(values)).map(([name, on, what]) => ({ [name]: { [on]: what } }));

/** Negated operators and variables without a value: AWS says that they match, the simulator that they do not. */
const positive = fc.constantFrom('StringEquals', 'StringEqualsIgnoreCase');
const negated = fc.constantFrom('StringNotEquals', 'StringNotLike', 'StringNotEqualsIgnoreCase');
const quantifier = fc.constantFrom('ForAllValues:', 'ForAnyValue:');
const ifExists = fc.constantFrom('', 'IfExists');
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
const arn = fc.constantFrom(
  'arn:aws:iam::000000000000:role/f',
  'arn:aws:iam::000000000000:role/*',
  'arn:aws:iam::*:role/?',
  'arn:aws:iam::111111111111:role/f',
);

const condition = fc.oneof(
  block(joined(positive, ifExists), singleKey, text),
  block(joined(fc.constant('StringLike'), ifExists), singleKey, like),
  block(joined(negated, ifExists), singleKey, value),
  block(joined(quantifier, positive), multiKey, text),
  block(joined(quantifier, fc.constant('StringLike')), multiKey, like),
  block(joined(quantifier, negated), multiKey, value),
  block(fc.constant('Null'), fc.oneof(singleKey, multiKey), fc.constantFrom('true', 'false')),
  block(fc.constantFrom('ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'), fc.constant('aws:PrincipalArn'), arn),
  block(
    fc.constantFrom('IpAddress', 'NotIpAddress'),
    fc.constant('aws:SourceIp'),
    fc.constantFrom('10.0.0.0/8', '127.0.0.1/32', '::1/128'),
  ),
  block(fc.constantFrom('Bool', 'BoolIfExists'), fc.constant('aws:SecureTransport'), fc.constantFrom('true', 'false')),
  block(
    fc.constantFrom('NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericGreaterThanEquals'),
    fc.constant('s3:max-keys'),
    fc.constantFrom('1', '10', '100'),
  ),
  block(
    fc.constantFrom('DateLessThan', 'DateGreaterThanEquals', 'DateNotEquals'),
    fc.constant('aws:CurrentTime'),
    fc.constantFrom('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
  ),
);

const action = fc.constantFrom('s3:GetObject', 's3:Get*', 's3:*', '*', 'S3:getobject', 's3:Put?bject', 'dynamodb:*');
/** The same holds for what NotResource leaves out, so that variables are in Resource only. */
const resource = fc.constantFrom(
  '*',
  'arn:aws:s3:::bucket/*',
  'arn:aws:s3:::bucket/a',
  'arn:aws:s3:::*/?',
  'arn:aws:s3:::b*t/TENANT#*',
);
const resourceWithVariable = fc.oneof(
  { weight: 5, arbitrary: resource },
  variable.map((name) => `arn:aws:s3:::bucket/${name}`),
);

const statement = fc
  .record({
    effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    action: fc.oneof(
      list(action).map((Action) => ({ Action })),
      list(action).map((NotAction) => ({ NotAction })),
    ),
    resource: fc.oneof(
      { weight: 4, arbitrary: list(resourceWithVariable).map((Resource) => ({ Resource })) },
      list(resource).map((NotResource) => ({ NotResource })),
    ),
    conditions: fc.array(condition, { maxLength: 2 }),
  })
  .map(({ effect, action: on, resource: what, conditions }) => ({
    Effect: effect,
    ...on,
    ...what,
    ...(conditions.length > 0 ? { Condition: Object.assign({}, ...conditions) } : {}),
  }));
const policy = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((statements) => ({ Version: '2012-10-17', Statement: statements }));

const request = fc.record({
  action: fc.constantFrom('s3:GetObject', 's3:PutObject'),
  // The simulator takes an asterisk in what is asked for a wildcard.
  key: value.filter((key) => !key.includes('*')),
  context: fc.record(
    {
      'aws:PrincipalTag/TenantId': value,
      's3:prefix': value,
      's3:max-keys': fc.constantFrom('1', '10', '50'),
      'aws:SourceIp': fc.constantFrom('10.1.2.3', '127.0.0.1', '::1'),
      'aws:SecureTransport': fc.constantFrom('true', 'false'),
      'aws:CurrentTime': fc.constantFrom('2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'),
      'aws:PrincipalArn': fc.constantFrom('arn:aws:iam::000000000000:role/f', 'arn:aws:iam::000000000000:role/long'),
      'dynamodb:LeadingKeys': fc.array(value, { minLength: 1, maxLength: 3 }),
      'aws:TagKeys': fc.array(value, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
});

/**
 * Whether a condition lists a variable without a value beside others. A value that cannot be resolved matches nothing, and the others
 * still count; the simulator lets it spoil the whole list.
 */
function listsUnresolved(policies: readonly object[], context: Readonly<Record<string, unknown>>): boolean {
  const resolved = (item: unknown): boolean =>
    !String(item).includes('PrincipalTag/Absent') &&
    (!String(item).includes('PrincipalTag/TenantId') || 'aws:PrincipalTag/TenantId' in context);
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return (node.length > 1 && !node.every(resolved)) || node.some(visit);
    return typeof node === 'object' && node !== null && Object.values(node).some(visit);
  };
  return visit(policies.map((one) => ('Statement' in one ? conditionsOf(one.Statement) : [])));
}

const conditionsOf = (statements: unknown): readonly unknown[] =>
  [statements]
    .flat()
    .map((one) => (typeof one === 'object' && one !== null && 'Condition' in one ? one.Condition : {}));

test('decides as an independent simulator of IAM does', () => {
  const seen = { allowed: 0, implicit: 0, explicit: 0 };
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 2 }),
      request,
      (policies, { action: asked, key, context }) => {
        fc.pre(!listsUnresolved(policies, context));
        const what = `arn:aws:s3:::bucket/${key}`;
        const simulated = runUnsafeSimulation(
          {
            request: {
              principal: 'arn:aws:iam::000000000000:role/f',
              action: asked,
              resource: { resource: what, accountId: '000000000000' },
              contextVariables: context,
            },
            identityPolicies: policies.map((document, index) => ({ name: `p${index}`, policy: document })),
            serviceControlPolicies: [],
            resourceControlPolicies: [],
          },
          {},
        );
        const decision = evaluate(
          { action: asked, resource: what, context: createContext(context) },
          { identity: policies.map((document) => parsePolicy(document, 'identity')) },
        );
        const ours = decision.allowed ? 'Allowed' : decision.explicit ? 'ExplicitlyDenied' : 'ImplicitlyDenied';
        seen[decision.allowed ? 'allowed' : decision.explicit ? 'explicit' : 'implicit'] += 1;
        expect(ours).toBe(simulated);
      },
    ),
    { numRuns: 1500 },
  );
  // Else the policies would not be of the kind that tells evaluators apart.
  expect(Math.min(seen.allowed, seen.implicit, seen.explicit)).toBeGreaterThan(100);
});
