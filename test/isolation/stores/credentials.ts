import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { type FunctionAccess, type FunctionName, functionAccess } from '@tenantry/core/isolation/functions';
import {
  type AccessProfile,
  accessProfiles,
  type FunctionProfile,
  type ProfileName,
} from '@tenantry/core/isolation/profiles';
import { serviceAccountName, siloNamespace, trainerName } from '@tenantry/core/silo/names';
import type { TemporaryCredentials } from '@tenantry/local/aws/engine';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { rolesOf } from '@tenantry/local/program/roles';
import { type Caller, createCaller } from './caller.ts';
import type { StoresWorld } from './world.ts';

export const profileNames = Object.keys(accessProfiles) as ProfileName[];
export const isFunctionProfile = (name: ProfileName): name is FunctionProfile =>
  (accessProfiles[name] satisfies AccessProfile as AccessProfile).principal === 'function';
export const functionNames = Object.keys(functionAccess) as FunctionName[];

/** Whether a function's row in the table of functions names the profile. */
export const takes = (name: FunctionName, profile: ProfileName): boolean =>
  (functionAccess[name] satisfies FunctionAccess as FunctionAccess).profiles.some((taken) => taken === profile);

/** A function that may ask for the profile. @throws {Error} by the profile's name when none does */
export function takerOf(profile: ProfileName): FunctionName {
  const taker = functionNames.find((name) => takes(name, profile));
  if (!taker) throw new Error(`The access profile ${profile} has no isolation cases: no function takes it.`);
  return taker;
}

/** Whose credentials are asked for, and where. */
type Company = Pick<StoresWorld, 'test' | 'own'>;

/** Tests say in the name of a session that its calls are theirs. */
export const sessionName = 'isolation-attempt';

/** The credentials that Lambda gives a function. */
export function credentialsOfFunction(
  { test }: Pick<StoresWorld, 'test'>,
  name: FunctionName,
): Promise<TemporaryCredentials> {
  const fn = test.cloud.graph.functions.find(({ handler }) => handler.endsWith(`/src/${name}.handler`));
  if (!fn) throw new Error(`The program has no function ${name}.`);
  return test.cloud.assumeRoleForService({
    roleArn: fn.roleArn,
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName,
  });
}

export const callerOfFunction = async (world: Pick<StoresWorld, 'test'>, name: FunctionName): Promise<Caller> =>
  createCaller(world.test.cloud.urls.aws, await credentialsOfFunction(world, name));

/** @throws {Error} by the profile's name when the program makes no role of it */
export function profileRoleArn({ test }: Pick<StoresWorld, 'test'>, profile: ProfileName): string {
  const role = rolesOf(test.cloud.graph).find(({ name }) => name.endsWith(`-${test.cloud.graph.stage}-${profile}`));
  if (!role) throw new Error(`The access profile ${profile} has no role.`);
  return role.arn;
}

export const clusterOf = ({ test }: Pick<StoresWorld, 'test'>): string =>
  resourcesOfType(test.cloud.graph, 'aws:eks/cluster:Cluster')[0]?.id ?? '';

/** The service account of the pods of each profile that pods take. */
export const podAccounts = {
  'tenant-silo': serviceAccountName,
  'tenant-trainer': trainerName,
} as const satisfies Record<Exclude<ProfileName, FunctionProfile>, string>;
export type PodProfile = keyof typeof podAccounts;

/** The tags that EKS gives the session of a pod in the tenant's silo. */
export const podTags = (cluster: string, namespace: string, profile: PodProfile): Readonly<Record<string, string>> => ({
  'eks-cluster-arn': `arn:aws:eks:us-east-1:000000000000:cluster/${cluster}`,
  'eks-cluster-name': cluster,
  'kubernetes-namespace': namespace,
  'kubernetes-service-account': podAccounts[profile],
  'kubernetes-pod-name': 'attempt',
  'kubernetes-pod-uid': 'attempt',
});

/** What a silo's pod gets, by the association of its service account. */
function credentialsOfPod(world: Company, profile: PodProfile): Promise<TemporaryCredentials> {
  const { cloud } = world.test;
  const [cluster, namespace] = [clusterOf(world), siloNamespace(world.own)];
  const association = cloud.eks.associationFor(cluster, namespace, podAccounts[profile]);
  if (!association) throw new Error('The silo has no Pod Identity association.');
  return cloud.assumeRoleForService({
    roleArn: association.roleArn,
    servicePrincipal: 'pods.eks.amazonaws.com',
    sessionName,
    tags: podTags(cluster, namespace, profile),
  });
}

/** Somebody with credentials of the profile for the tenant `own`, by the way that functions and pods get them. */
export async function callerWith(world: Company, profile: ProfileName): Promise<Caller> {
  const endpoint = world.test.cloud.urls.aws;
  if (!isFunctionProfile(profile)) return createCaller(endpoint, await credentialsOfPod(world, profile));
  const { sts, close } = await callerOfFunction(world, takerOf(profile));
  const vendor = createCredentialVendor({ sts, roleArns: { [profile]: profileRoleArn(world, profile) } });
  const credentials = await vendor.credentialsFor(profile, {
    tenantId: world.own,
    requestId: sessionName,
    tier: 'premium',
  });
  close();
  return createCaller(endpoint, credentials);
}

/** Tags of a session by their names. */
export type Tags = Readonly<Record<string, string>>;

/** A request for a session of the profile's role. */
export function asking(
  world: StoresWorld,
  profile: ProfileName,
  tags: Tags,
  more: Partial<AssumeRoleCommandInput> = {},
): AssumeRoleCommand {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return new AssumeRoleCommand({
    RoleArn: profileRoleArn(world, profile),
    RoleSessionName: sessionName,
    ...(list.length > 0 ? { Tags: list } : {}),
    ...more,
  });
}
