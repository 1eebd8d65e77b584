import type { S3Client } from '@aws-sdk/client-s3';
import type { Table } from '@tenantry/core/control/table';
import { siloEventsTable } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import type { CredentialVendor } from '@tenantry/core/isolation/credentials';
import {
  bucketVariable,
  grantsOf,
  needsOf,
  siloPrefixVariable,
  tableVariable,
} from '@tenantry/core/isolation/environment';
import type { FunctionName, ProfilesOf } from '@tenantry/core/isolation/functions';
import type { AccessProfiles, FunctionProfile, Grant } from '@tenantry/core/isolation/profiles';
import { readEnvironment, required } from '../environment.ts';
import type { ClientCache, Scope } from './client-cache.ts';
import { scopedDynamo } from './dynamo.ts';
import { vendorFor } from './vendor.ts';

/** A bucket with a client that reaches one tenant's objects. */
export interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

type GrantsOf<P extends FunctionProfile> = AccessProfiles[P]['grants'][number];
type TablesOf<P extends FunctionProfile> = Extract<GrantsOf<P>, { on: 'table' }>['table'];
type BucketsOf<P extends FunctionProfile> = Extract<GrantsOf<P>, { on: 'bucket' }>['bucket'];
type SiloTablesOf<P extends FunctionProfile> =
  Extract<GrantsOf<P>, { on: 'siloTable' }> extends never ? never : 'SiloEvents';

/** What one access profile reaches of one tenant. What it has no grant on is not there to be asked for. */
export type Reach<P extends FunctionProfile> = { readonly [T in TablesOf<P> | SiloTablesOf<P>]: Table } & {
  readonly [B in BucketsOf<P>]: Bucket;
};

/** One tenant's stores by access profile, with the tenant's own credentials behind every client. */
export type Scoped<F extends FunctionName> = { readonly [P in ProfilesOf<F>]: Reach<P> };

export interface ScopeOf<F extends FunctionName> {
  (scope: Scope): Scoped<F>;
  /** Drops a tenant's credentials and clients, for a tenant that is served no longer. */
  forget(tenantId: TenantId): void;
}

/**
 * Gives a function the stores of one tenant at a time, by the profiles that `functionAccess` lists for it. Asking for another
 * profile, or for a store that a profile does not hold, is a type error, and a refusal when it is tried all the same.
 * @param options.s3 makes clients of buckets, for functions whose profiles hold any; left out, the bundle has no client of S3
 */
export function createScope<F extends FunctionName>(
  name: F,
  options: { readonly s3?: (vendor: CredentialVendor) => ClientCache<S3Client> } = {},
): ScopeOf<F> {
  const { profiles, tables, buckets, siloTables } = needsOf(name);
  const variables = [
    ...tables.map(tableVariable),
    ...buckets.map(bucketVariable),
    ...(siloTables ? [siloPrefixVariable] : []),
  ];
  const environment = readEnvironment(Object.fromEntries(variables.map((variable) => [variable, required])));
  const vendor = vendorFor(profiles);
  const dynamo = scopedDynamo(vendor);
  const s3 = options.s3?.(vendor);

  const storeOf = (profile: FunctionProfile, grant: Grant, scope: Scope): [string, Table | Bucket] => {
    switch (grant.on) {
      case 'table':
        return [
          grant.table,
          { client: dynamo.clientFor(profile, scope), name: environment[tableVariable(grant.table)] ?? '' },
        ];
      case 'siloTable': {
        const table = siloEventsTable(environment[siloPrefixVariable] ?? '', scope.tenantId);
        return ['SiloEvents', { client: dynamo.clientFor(profile, scope), name: table }];
      }
      case 'bucket': {
        if (!s3) throw new Error(`The function ${name} has no client for the bucket ${grant.bucket}.`);
        return [
          grant.bucket,
          { client: s3.clientFor(profile, scope), bucket: environment[bucketVariable(grant.bucket)] ?? '' },
        ];
      }
    }
  };

  const scopeOf = (scope: Scope) => {
    const reaches = profiles.map((profile) => {
      const stores = Object.fromEntries(grantsOf(profile).map((grant) => storeOf(profile, grant, scope)));
      return [profile, closed(stores, (store) => `The access profile "${profile}" has no grant on "${store}".`)];
    });
    return closed(
      Object.fromEntries(reaches),
      (profile) => `The function ${name} may not ask for the access profile "${profile}".`,
    ) as Scoped<F>;
  };
  return Object.assign(scopeOf, {
    forget(tenantId: TenantId): void {
      vendor.forget(tenantId);
      dynamo.forget(tenantId);
      s3?.forget(tenantId);
    },
  });
}

/** An object that refuses to be asked for what it does not have. */
function closed<T extends object>(target: T, refusal: (name: string) => string): T {
  return new Proxy(target, {
    get(object, name) {
      if (typeof name === 'symbol' || Object.hasOwn(object, name)) return Reflect.get(object, name);
      throw new Error(refusal(name));
    },
  });
}
