import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { accountId, resourceName } from './naming.ts';

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
 * Items of a table whose partition key matches one of the patterns. A call without keys is refused: `ForAllValues` is
 * true for an absent key, so `Null` demands that it is there.
 */
export const onRows = (
  table: { readonly arn: $util.Input<string> },
  actions: readonly `dynamodb:${string}`[],
  leadingKeys: readonly string[],
): FunctionGrant => ({
  actions,
  resources: [table.arn],
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
