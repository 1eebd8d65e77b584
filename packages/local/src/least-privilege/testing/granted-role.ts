import { roleArn, trustOf } from '../../gateway/testing/test-cloud.ts';
import type { GraphRole, PolicyStatement } from '../../program/roles.ts';

/** A role as the program has it, with one policy. */
export const grantedRole = (
  name: string,
  statements: readonly object[],
  change: Partial<GraphRole> = {},
): GraphRole => ({
  name,
  logicalName: `${name}Role`,
  arn: roleArn(name),
  trust: {
    Version: '2012-10-17',
    Statement: [trustOf({ Service: 'lambda.amazonaws.com' }).Statement as PolicyStatement],
  },
  policies: { own: { Version: '2012-10-17', Statement: statements as readonly PolicyStatement[] } },
  managedPolicyArns: [],
  ...change,
});
