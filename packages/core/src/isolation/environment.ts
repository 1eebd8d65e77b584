/**
 * Which variables tell a function the physical names of what it may reach. Deployment sets them and the function reads them, both from
 * `functionAccess`, so that neither can name something that the other does not know.
 */
import { type Crossing, type FunctionAccess, type FunctionName, functionAccess } from './functions.ts';
import { type AccessProfile, accessProfiles, type FunctionProfile, type Grant } from './profiles.ts';

/** `Control` → `CONTROL_TABLE` */
export const tableVariable = (table: string): string => `${table.toUpperCase()}_TABLE`;
/** `Models` → `MODELS_BUCKET` */
export const bucketVariable = (bucket: string): string => `${bucket.toUpperCase()}_BUCKET`;
/** `tenant-data` → `TENANT_DATA_ROLE_ARN` */
export const roleVariable = (profile: FunctionProfile): string =>
  `${profile.toUpperCase().replaceAll('-', '_')}_ROLE_ARN`;
/** What the names of all silos' tables start with. */
export const siloPrefixVariable = 'SILO_TABLE_PREFIX';

export const accessOf = (name: FunctionName): FunctionAccess => functionAccess[name];

export const grantsOf = (profile: FunctionProfile): readonly Grant[] =>
  (accessProfiles[profile] satisfies AccessProfile).grants;

export const crossingsOf = (name: FunctionName): readonly Crossing[] => accessOf(name).crosses?.grants ?? [];

/** The tables, buckets and roles that a function has to do with. */
export function needsOf(name: FunctionName) {
  const { profiles } = accessOf(name);
  const grants = profiles.flatMap(grantsOf);
  const tables = [
    ...grants.flatMap((grant) => (grant.on === 'table' ? [grant.table] : [])),
    ...crossingsOf(name).map(({ table }) => table),
  ];
  return {
    tables: [...new Set(tables)],
    buckets: [...new Set(grants.flatMap((grant) => (grant.on === 'bucket' ? [grant.bucket] : [])))],
    siloTables: grants.some(({ on }) => on === 'siloTable'),
    profiles,
  };
}
