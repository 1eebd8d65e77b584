import { STSClient } from '@aws-sdk/client-sts';
import { type CredentialVendor, createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { roleVariable } from '@tenantry/core/isolation/environment';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { readEnvironment, required } from '../environment.ts';

/** Vends credentials for the profiles that this function declares, with the roles named in its environment. */
export function vendorFor(profiles: readonly FunctionProfile[]): CredentialVendor {
  const variables = readEnvironment(Object.fromEntries(profiles.map((profile) => [roleVariable(profile), required])));
  const roleArns = Object.fromEntries(profiles.map((profile) => [profile, variables[roleVariable(profile)]]));
  return createCredentialVendor({ sts: new STSClient({}), roleArns });
}
