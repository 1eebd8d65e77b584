import type { Crossing } from '@tenantry/core/isolation/functions';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { accountId, resourceName } from './naming.ts';
import { type Storage, tablesOf } from './storage.ts';

/** One statement of a function's policy. */
export interface FunctionGrant {
  readonly actions: readonly string[];
  readonly resources: readonly $util.Input<string>[];
  readonly conditions?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly $util.Input<string>[];
  }[];
}

/**
 * Items of all tenants whose partition key matches one of the patterns. A call without keys is refused: `ForAllValues` is
 * true for an absent key, so `Null` demands that it is there.
 */
export const crossing = (storage: Storage, { table, index, actions, leadingKeys }: Crossing): FunctionGrant => ({
  actions,
  resources: [index ? $interpolate`${tablesOf(storage)[table].arn}/index/${index}` : tablesOf(storage)[table].arn],
  conditions: [
    { test: 'ForAllValues:StringLike', variable: 'dynamodb:LeadingKeys', values: leadingKeys },
    { test: 'Null', variable: 'dynamodb:LeadingKeys', values: ['false'] },
  ],
});

export const on = (actions: readonly string[], ...resources: readonly $util.Input<string>[]): FunctionGrant => ({
  actions,
  resources,
});

export const profileRoleName = (profile: FunctionProfile): string => resourceName(profile);

/** Known before the role exists: functions name the roles they assume, and the roles name the functions they trust. */
export const profileRoleArn = (profile: FunctionProfile): $util.Output<string> =>
  $interpolate`arn:aws:iam::${accountId()}:role/${profileRoleName(profile)}`;

/** Asking for one tenant's credentials of these profiles. */
export const assuming = (profiles: readonly FunctionProfile[]): readonly FunctionGrant[] =>
  profiles.length === 0
    ? []
    : [on(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], ...profiles.map(profileRoleArn))];

/** Trust in a service that acts for whoever configures it: on behalf of this account only. */
export const trustOnBehalf = (service: string) =>
  $jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId() } },
      },
    ],
  });
