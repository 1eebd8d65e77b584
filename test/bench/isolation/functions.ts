import { STSClient } from '@aws-sdk/client-sts';
import type { TenantId } from '@tenantry/core/ids/id';
import { newId } from '@tenantry/core/ids/id';
import { roleVariable } from '@tenantry/core/isolation/environment';
import type { FunctionName } from '@tenantry/core/isolation/functions';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { LOCAL_REGION, type TemporaryCredentials } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import type { GraphFunction } from '@tenantry/local/program/graph';

/** A function as the program declares it. @throws {Error} when it declares no such function */
export function functionOf({ graph }: LocalCloud, name: FunctionName): GraphFunction {
  const found = graph.functions.find(({ handler }) => handler.endsWith(`/${name}.handler`));
  if (!found) throw new Error(`The program declares no function ${name}.`);
  return found;
}

/** The credentials that Lambda gives to a function. */
export const credentialsOf = (cloud: LocalCloud, { roleArn }: GraphFunction): Promise<TemporaryCredentials> =>
  cloud.assumeRoleForService({ roleArn, servicePrincipal: 'lambda.amazonaws.com', sessionName: 'bench' });

/** What a vendor within a function is made of. */
export async function vendingOf(cloud: LocalCloud, name: FunctionName, profile: FunctionProfile) {
  const fn = functionOf(cloud, name);
  const sts = new STSClient({
    endpoint: cloud.urls.aws,
    region: LOCAL_REGION,
    credentials: await credentialsOf(cloud, fn),
  });
  return { sts, roleArns: { [profile]: fn.environment[roleVariable(profile)] } };
}

export const someTenants = (count: number): readonly TenantId[] => Array.from({ length: count }, () => newId('tenant'));
