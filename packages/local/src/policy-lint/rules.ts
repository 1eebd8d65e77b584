import type { Rule } from './lint.ts';
import { onlyAllow, wildcardAction, wildcardResource } from './rules/actions.ts';
import { authorizer, exposure, invocation, secretVariables } from './rules/exposure.ts';
import { tokens, userAttributes } from './rules/identity.ts';
import { logRetention } from './rules/logs.ts';
import { managedPolicy, policySize } from './rules/size.ts';
import { encryption, publicBucket, recovery } from './rules/stores.ts';
import { nullCompanion, tenantData, tenantObjects } from './rules/tenant-data.ts';
import { sessionTags, trust } from './rules/trust.ts';

/** Everything that is looked at, in the order in which it is told. */
export const rules: readonly Rule[] = [
  wildcardAction,
  wildcardResource,
  onlyAllow,
  nullCompanion,
  tenantData,
  tenantObjects,
  userAttributes,
  tokens,
  trust,
  sessionTags,
  policySize,
  managedPolicy,
  publicBucket,
  encryption,
  recovery,
  logRetention,
  authorizer,
  invocation,
  exposure,
  secretVariables,
];
