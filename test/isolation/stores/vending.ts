import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { FunctionProfile, ProfileName } from '@tenantry/core/isolation/profiles';
import { siloNamespace } from '@tenantry/core/silo/names';
import type { TemporaryCredentials } from '@tenantry/local/aws/engine';
import { rolesOf } from '@tenantry/local/program/roles';
import {
  asking,
  callerOfFunction,
  clusterOf,
  functionNames,
  type PodProfile,
  podAccounts,
  podTags,
  profileRoleArn,
  sessionName,
  type Tags,
  takerOf,
  takes,
} from './credentials.ts';
import type { Judge } from './judge.ts';
import type { StoresWorld } from './world.ts';

const podProfiles = Object.keys(podAccounts) as PodProfile[];

/** A grant that is no row of the table of profiles. */
const trusted = ['the trust of the role'];

/** Every function asks for the profile: those whose row names it get it, and the others are denied. */
export async function tryTakers(world: StoresWorld, profile: FunctionProfile, judge: Judge): Promise<void> {
  for (const name of functionNames) {
    const caller = await callerOfFunction(world, name);
    const title = `session of ${profile} for ${name}`;
    const command = asking(world, profile, { TenantId: world.own });
    await judge.expectThat(title, takes(name, profile) ? trusted : [], () => caller.sts.send(command));
    caller.close();
  }
}

/** A function that has the profile asks for it with tags that are not just one tenant's. */
export async function tryTags(world: StoresWorld, profile: FunctionProfile, judge: Judge): Promise<void> {
  const { own } = world;
  const caller = await callerOfFunction(world, takerOf(profile));
  const ask = (title: string, grants: readonly string[], tags: Tags, more = {}) =>
    judge.expectThat(`session with ${title}`, grants, () => caller.sts.send(asking(world, profile, tags, more)));
  await ask('its tenant', trusted, { TenantId: own });
  await ask('its tenant and tier', trusted, { TenantId: own, Tier: 'premium' });
  await ask('no tag', [], {});
  await ask('a tier alone', [], { Tier: 'premium' });
  for (const value of ['', 'ten_', 'all', own.slice(0, -1), `${own}x`, own.toUpperCase(), own.slice(4), ` ${own}`]) {
    await ask(`the tenant ${JSON.stringify(value)}`, [], { TenantId: value });
  }
  for (const extra of ['Operator', 'tier', 'kubernetes-namespace', 'TenantIds']) {
    await ask(`its tenant and ${extra}`, [], { TenantId: own, [extra]: own });
  }
  await ask('the tag in other letters', [], { tenantid: own });
  await ask('a name in other letters among the transitive', [], { TENANTID: own }, { TransitiveTagKeys: ['TENANTID'] });
  caller.close();
}

/** Values and pairs of tags that STS takes from nobody. */
export const malformed = (own: string, foreign: string) =>
  ({
    'ten_*': [{ Key: 'TenantId', Value: 'ten_*' }],
    '*': [{ Key: 'TenantId', Value: '*' }],
    'question marks': [{ Key: 'TenantId', Value: `ten_${'?'.repeat(26)}` }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM as text
    'a variable': [{ Key: 'TenantId', Value: '${aws:PrincipalTag/TenantId}' }],
    'two tenants': [
      { Key: 'TenantId', Value: own },
      { Key: 'TenantId', Value: foreign },
    ],
    'two tenants in different letters': [
      { Key: 'TenantId', Value: own },
      { Key: 'tenantId', Value: foreign },
    ],
  }) as const;

/** With credentials of the profile, sessions of every other role and for the other tenant are asked for. */
export async function tryChaining(
  world: StoresWorld,
  { sts }: { readonly sts: Awaited<ReturnType<typeof callerOfFunction>>['sts'] },
  targets: readonly ProfileName[],
  judge: Judge,
): Promise<void> {
  for (const target of targets) {
    for (const tenant of [world.own, world.foreign]) {
      for (const tags of [{ TenantId: tenant }, { 'kubernetes-namespace': siloNamespace(tenant) }]) {
        await judge.expectThat(`session of ${target} with ${JSON.stringify(tags)}`, [], () =>
          sts.send(asking(world, target, tags)),
        );
      }
    }
  }
  for (const { arn } of rolesOf(world.test.cloud.graph)) {
    const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: sessionName });
    await judge.expectThat(`session of ${arn} without tags`, [], () => sts.send(command));
  }
}

/** Services that ask for a role which does not trust them, or not with these tags. @returns those that got it */
export async function tryServices(world: StoresWorld): Promise<readonly string[]> {
  const { own, foreign, test } = world;
  const [cluster, namespace] = [clusterOf(world), siloNamespace(foreign)];
  const profileRoles = rolesOf(test.cloud.graph).filter(({ logicalName }) => logicalName.startsWith('Profile'));
  const requests = [
    ...profileRoles.flatMap(({ arn }) =>
      ['lambda', 'states', 'pods.eks', 'scheduler', 'ec2'].map((service) => ({
        roleArn: arn,
        servicePrincipal: `${service}.amazonaws.com`,
        tags: { TenantId: own },
      })),
    ),
    ...podProfiles.flatMap((profile) => {
      const roleArn = profileRoleArn(world, profile);
      const service = 'pods.eks.amazonaws.com';
      return [
        { roleArn, servicePrincipal: 'lambda.amazonaws.com', tags: podTags(cluster, namespace, profile) },
        { roleArn, servicePrincipal: service, tags: podTags('another-cluster', namespace, profile) },
        { roleArn, servicePrincipal: service, tags: { 'kubernetes-namespace': namespace } },
        { roleArn, servicePrincipal: service, tags: {} },
      ];
    }),
  ];
  const got = await Promise.all(
    requests.map(async (request) => {
      const given: TemporaryCredentials | undefined = await test.cloud
        .assumeRoleForService({ ...request, sessionName })
        .catch((error) => {
          if (error.code !== 'AccessDenied') throw error;
          return undefined;
        });
      return given ? [`${request.servicePrincipal} got ${request.roleArn}`] : [];
    }),
  );
  return got.flat();
}
