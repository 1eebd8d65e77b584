import { type AccessProfile, accessProfiles, type ProfileName } from '@tenantry/core/isolation/profiles';
import type { Key } from './store-cases.ts';

/** What the table of profiles says, read once more and apart from the policies that are made from it. */
const grantsOf = (profile: ProfileName) => (accessProfiles[profile] satisfies AccessProfile as AccessProfile).grants;

const matches = (pattern: string, tenant: string, value: string): boolean => {
  const own = pattern.replaceAll('{tenant}', tenant);
  return own.endsWith('*') ? value.startsWith(own.slice(0, -1)) : value === own;
};

export interface TableCall {
  readonly table: string;
  readonly action: string;
  readonly keys: readonly Key[];
  readonly attributes: readonly string[];
}

/** Whether a tenant's credentials of the profile may make the call: each key by some grant of the action. */
export const mayCallTable = (profile: ProfileName, tenant: string, call: TableCall): boolean =>
  call.keys.length > 0 &&
  call.keys.every(({ pk }) =>
    grantsOf(profile).some(
      (grant) =>
        grant.on === 'table' &&
        grant.table === call.table &&
        grant.actions.some((action) => action === `dynamodb:${call.action}`) &&
        grant.leadingKeys.some((pattern) => matches(pattern, tenant, pk)) &&
        (!grant.attributes || call.attributes.every((name) => grant.attributes?.includes(name))),
    ),
  );

/** The same for the events table of a silo. */
export const mayCallSiloTable = (profile: ProfileName, own: boolean, action: string): boolean =>
  own &&
  grantsOf(profile).some(
    (grant) => grant.on === 'siloTable' && grant.actions.some((granted) => granted === `dynamodb:${action}`),
  );

/** The same for an object, or for listing what a prefix holds. */
export const mayCallBucket = (
  profile: ProfileName,
  tenant: string,
  call: { readonly bucket: string; readonly action: string; readonly key: string },
): boolean =>
  grantsOf(profile).some(
    (grant) =>
      grant.on === 'bucket' &&
      grant.bucket === call.bucket &&
      grant.actions.some((granted) => granted === `s3:${call.action}`) &&
      call.key.startsWith(grant.prefix.replaceAll('{tenant}', tenant)),
  );
