import { type AccessProfile, accessProfiles, type Grant, type ProfileName } from '@tenantry/core/isolation/profiles';
import type { Key } from './store-cases.ts';

/** What the table of profiles says, read once more and apart from the policies that are made from it. */
const grantsOf = (profile: ProfileName): readonly Grant[] =>
  (accessProfiles[profile] satisfies AccessProfile as AccessProfile).grants;

const isGranted = (grant: Grant, action: string): boolean => grant.actions.some((granted) => granted === action);

const matches = (pattern: string, tenant: string, value: string): boolean => {
  const own = pattern.replaceAll('{tenant}', tenant);
  return own.endsWith('*') ? value.startsWith(own.slice(0, -1)) : value === own;
};

function placeOf(grant: Grant): string {
  switch (grant.on) {
    case 'table':
      return grant.table;
    case 'siloTable':
      return 'the silo table';
    case 'bucket':
      return grant.bucket;
  }
}

/** One action of a grant for one pattern, such as `dynamodb:GetItem of Control TENANT#{tenant}`. */
const nameOf = (grant: Grant, action: string, pattern = ''): string =>
  `${action} of ${placeOf(grant)} ${pattern}`.trim();

/** Everything that a profile grants, one by one: each must be seen to work, or the denials around it prove nothing. */
export const grantNames = (profile: ProfileName): readonly string[] =>
  grantsOf(profile).flatMap((grant) =>
    grant.actions.flatMap((action) => {
      if (grant.on === 'table') return grant.leadingKeys.map((pattern) => nameOf(grant, action, pattern));
      return [nameOf(grant, action, grant.on === 'bucket' ? grant.prefix : undefined)];
    }),
  );

/** Whether the profile has the action on items of the table, whoever they belong to. */
export const hasTableAction = (profile: ProfileName, table: string, action: string): boolean =>
  grantsOf(profile).some(
    (grant) => grant.on === 'table' && grant.table === table && isGranted(grant, `dynamodb:${action}`),
  );

/**
 * Whose a partition and an object are by their names alone, so that a grant which is too wide is a fault and not what must go through:
 * `TENANT#<id>`, `TENANT#<id>#…` and `<id>#…`, and whatever lies in the folder `<kind>/<id>/`.
 */
const ownsPartition = (tenant: string, pk: string): boolean =>
  pk === `TENANT#${tenant}` || pk.startsWith(`TENANT#${tenant}#`) || pk.startsWith(`${tenant}#`);
const ownsObject = (tenant: string, key: string): boolean => {
  const [, folder, ...rest] = key.split('/');
  return folder === tenant && rest.length > 0;
};

export interface TableCall {
  readonly table: string;
  readonly action: string;
  readonly keys: readonly Key[];
  readonly attributes: readonly string[];
}

/** The grants that let a tenant's credentials of the profile make the call, each key by one of them; none where it must be denied. */
export function tableGrants(profile: ProfileName, tenant: string, call: TableCall): readonly string[] {
  const action = `dynamodb:${call.action}`;
  const covered = call.keys.map(({ pk }) =>
    grantsOf(profile).flatMap((grant) => {
      if (!ownsPartition(tenant, pk)) return [];
      if (grant.on !== 'table' || grant.table !== call.table || !isGranted(grant, action)) return [];
      const { attributes } = grant;
      if (attributes && !call.attributes.every((name) => attributes.includes(name))) return [];
      return grant.leadingKeys
        .filter((pattern) => matches(pattern, tenant, pk))
        .map((pattern) => nameOf(grant, action, pattern));
    }),
  );
  return covered.every((names) => names.length > 0) ? covered.flat() : [];
}

/** The same for a call on the events table of a tenant's silo. */
export const siloTableGrants = (profile: ProfileName, own: boolean, action: string): readonly string[] =>
  grantsOf(profile)
    .filter((grant) => own && grant.on === 'siloTable' && isGranted(grant, `dynamodb:${action}`))
    .map((grant) => nameOf(grant, `dynamodb:${action}`));

/** The same for an object, or for listing what a prefix holds. */
export const bucketGrants = (
  profile: ProfileName,
  tenant: string,
  call: { readonly bucket: string; readonly action: string; readonly key: string },
): readonly string[] =>
  grantsOf(profile).flatMap((grant) =>
    ownsObject(tenant, call.key) &&
    grant.on === 'bucket' &&
    grant.bucket === call.bucket &&
    isGranted(grant, `s3:${call.action}`) &&
    call.key.startsWith(grant.prefix.replaceAll('{tenant}', tenant))
      ? [nameOf(grant, `s3:${call.action}`, grant.prefix)]
      : [],
  );
