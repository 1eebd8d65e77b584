import { type AccessProfile, accessProfiles } from '@tenantry/core/isolation/profiles';
import { type GraphRole, listOf, type PolicyStatement, rolesOf } from '@tenantry/local/program/roles';
import { describe, expect, it } from 'vitest';
import { managedPolicies, wildcards } from '../../stacks/wildcards.ts';
import { graphOf, named, stages } from './graphs.ts';

const statementsOf = (role: GraphRole): readonly PolicyStatement[] =>
  Object.values(role.policies).flatMap(({ Statement }) => Statement);

/** One action on one resource, with the condition under which it is granted. */
interface SingleGrant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: PolicyStatement['Condition'];
}

const grantsOf = (role: GraphRole): readonly SingleGrant[] =>
  statementsOf(role).flatMap((statement) =>
    listOf(statement.Action).flatMap((action) =>
      listOf(statement.Resource).map((resource) => ({
        role: role.logicalName,
        action,
        resource,
        condition: statement.Condition,
      })),
    ),
  );

const functionRoles = (stage: (typeof stages)[number]): readonly GraphRole[] => {
  const graph = graphOf(stage);
  const names = new Set(graph.functions.map(({ roleName }) => roleName));
  return rolesOf(graph).filter(({ name }) => names.has(name));
};

const wildcardFor = ({ action, resource }: SingleGrant) =>
  wildcards.find((entry) => entry.actions.includes(action) && entry.resource.test(resource));

const serviceTrust = (service: string, actions: string | readonly string[] = 'sts:AssumeRole') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }],
});

describe.each(stages)('the roles of %s', (stage) => {
  it('hold no wildcard that has no written reason', () => {
    const unexplained = rolesOf(graphOf(stage))
      .flatMap(grantsOf)
      .filter((grant) => grant.action.includes('*') || (grant.resource.includes('*') && !wildcardFor(grant)));
    expect(unexplained).toEqual([]);
  });

  it('name actions and resources positively: no Deny, no NotAction, no NotResource', () => {
    for (const role of rolesOf(graphOf(stage))) {
      for (const statement of statementsOf(role)) {
        expect(Object.keys(statement).sort()).toEqual(
          ['Action', ...(statement.Condition ? ['Condition'] : []), 'Effect', 'Resource'].sort(),
        );
        expect(statement.Effect).toBe('Allow');
      }
    }
  });

  it("carry none of AWS's own policies but those of the cluster and its nodes", () => {
    const attached = rolesOf(graphOf(stage))
      .filter(({ managedPolicyArns }) => managedPolicyArns.length > 0)
      .map(({ logicalName, managedPolicyArns }) => [logicalName, [...managedPolicyArns].sort()]);
    const allowed = Object.entries(managedPolicies).filter(([name]) => attached.some(([role]) => role === name));
    expect(Object.fromEntries(attached)).toEqual(Object.fromEntries(allowed));
  });

  it('trust exactly whom they are for', () => {
    const graph = graphOf(stage);
    const cluster = `tenantry-${stage}-silos`;
    const functionsWith = (profile: string) =>
      graph.functions
        .filter(({ environment }) => `${profile.toUpperCase().replaceAll('-', '_')}_ROLE_ARN` in environment)
        .map(({ roleArn }) => roleArn)
        .sort();

    const functionRoleNames = new Set(graph.functions.map(({ roleName }) => roleName));
    const expected = (role: GraphRole): object => {
      if (functionRoleNames.has(role.name)) return serviceTrust('lambda.amazonaws.com');
      const profile = Object.keys(accessProfiles).find((name) => role.name === `tenantry-${stage}-${name}`);
      if (role.logicalName === 'SiloPod') {
        const [statement] = serviceTrust('pods.eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']).Statement;
        const Condition = { StringEquals: { 'aws:RequestTag/eks-cluster-name': cluster } };
        return { Version: '2012-10-17', Statement: [{ ...statement, Condition }] };
      }
      if (profile) {
        return {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: functionsWith(profile) },
              Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
              Condition: {
                StringLike: { 'aws:RequestTag/TenantId': 'ten_*' },
                Null: { 'aws:RequestTag/TenantId': 'false' },
              },
            },
          ],
        };
      }
      const services: Readonly<Record<string, object>> = {
        OnboardingRole: serviceTrust('states.amazonaws.com'),
        TrainingRole: serviceTrust('states.amazonaws.com'),
        SilosCluster: serviceTrust('eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']),
        SilosNode: serviceTrust('ec2.amazonaws.com', ['sts:AssumeRole']),
        ExpireRegistrationsRole: serviceTrust('scheduler.amazonaws.com'),
      };
      return services[role.logicalName] ?? { nobody: role.logicalName };
    };

    for (const role of rolesOf(graph)) {
      const trust = role.trust.Statement.map(({ Sid: _, ...statement }) => {
        const principal = statement.Principal;
        if (typeof principal !== 'object' || !Array.isArray(principal.AWS)) return statement;
        return { ...statement, Principal: { AWS: [...principal.AWS].sort() } };
      });
      expect({ Version: role.trust.Version, Statement: trust }, role.logicalName).toEqual(expected(role));
    }
  });
});

describe.each(stages)('the execution roles of %s', (stage) => {
  it('are one per function', () => {
    const { functions } = graphOf(stage);
    expect(new Set(functions.map(({ roleArn }) => roleArn)).size).toBe(functions.length);
  });

  it('reach no tenant data: no item of a data table, no object, and rows of the control plane by their keys only', () => {
    const graph = graphOf(stage);
    const table = (name: string) => named(graph, 'Table', `${name}Table`).arn ?? '';
    const events = table('Events');
    const trespasses = functionRoles(stage)
      .flatMap(grantsOf)
      .filter(({ role, action, resource, condition }) => {
        const [service] = action.split(':');
        if (service === 's3') return true;
        if (service !== 'dynamodb') return false;
        const stream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].includes(action.slice(9));
        if (stream) return role !== 'ConsumersEventArchiveRole' || !resource.includes('/stream/');
        if (resource.startsWith(events)) return true;
        if (resource.includes('-silo-')) return role !== 'TasksOnboardingStorageRole';
        if (resource === `${table('Control')}/index/gsi1`) return role !== 'JobsExpireRegistrationsRole';
        const byKey =
          listOf(condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']).length > 0 &&
          listOf(condition?.Null?.['dynamodb:LeadingKeys'])[0] === 'false';
        if (resource === table('Audit')) return action !== 'dynamodb:PutItem' || !byKey;
        return resource !== table('Control') || !byKey;
      });
    expect(trespasses).toEqual([]);
  });

  it("onboarding manages siloed tenants' tables without reading or writing an item", () => {
    const role = functionRoles(stage).find(({ logicalName }) => logicalName === 'TasksOnboardingStorageRole');
    const actions = (role ? grantsOf(role) : [])
      .filter(({ resource }) => resource.includes('-silo-'))
      .map(({ action }) => action);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => /Item|Query|Scan|PartiQL|Export|Delete/.test(action))).toEqual([]);
  });

  it('assume the roles of exactly the profiles named in their environment', () => {
    const graph = graphOf(stage);
    const roles = functionRoles(stage);
    for (const { environment, roleName, logicalName } of graph.functions) {
      const role = roles.find(({ name }) => name === roleName);
      const assumable = new Set(
        (role ? grantsOf(role) : []).filter(({ action }) => action.startsWith('sts:')).map(({ resource }) => resource),
      );
      const wanted = Object.entries(environment)
        .filter(([name]) => name.endsWith('_ROLE_ARN') && name.startsWith('TENANT_'))
        .map(([, arn]) => arn);
      expect([...assumable].sort(), logicalName).toEqual(wanted.sort());
    }
  });

  it('pass on no role but that of the silos’ pods, and only in onboarding', () => {
    const passed = functionRoles(stage)
      .flatMap(grantsOf)
      .filter(({ action }) => action.startsWith('iam:'));
    for (const { role, action, resource } of passed) {
      expect(role).toBe('TasksOnboardingSiloRole');
      expect(['iam:PassRole', 'iam:GetRole']).toContain(action);
      expect(resource).toBe(`arn:aws:iam::000000000000:role/tenantry-${stage}-tenant-silo`);
    }
  });
});

describe.each(stages)('the access profiles of %s', (stage) => {
  const profiles = Object.entries<AccessProfile>(accessProfiles);

  it('exist as roles, one per profile; the pods’ where there are silos', () => {
    const graph = graphOf(stage);
    const silos = graph.resources.some(({ type }) => type === 'aws:eks/cluster:Cluster');
    const wanted = profiles.filter(([, { principal }]) => principal === 'function' || silos).map(([name]) => name);
    const names = new Set(rolesOf(graph).map(({ name }) => name));
    expect(wanted.filter((name) => !names.has(`tenantry-${stage}-${name}`))).toEqual([]);
  });

  it("confine every grant to the session's tenant, and refuse calls that name no key", () => {
    const roles = rolesOf(graphOf(stage)).filter(({ name }) =>
      profiles.some(([profile]) => name === `tenantry-${stage}-${profile}`),
    );
    expect(roles.length).toBeGreaterThan(0);
    for (const role of roles) {
      const tenant =
        role.logicalName === 'SiloPod'
          ? // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable
            'ten_${aws:PrincipalTag/kubernetes-namespace}'
          : // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable
            '${aws:PrincipalTag/TenantId}';
      for (const { action, resource, condition } of grantsOf(role)) {
        const keys = listOf(condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
        const prefixes = listOf(condition?.StringLike?.['s3:prefix']);
        const confined = (pattern: string) => pattern.includes(tenant);
        const byName = confined(resource);
        const byKey = keys.length > 0 && keys.every(confined) && condition?.Null?.['dynamodb:LeadingKeys'] === 'false';
        const byPrefix = action === 's3:ListBucket' && prefixes.length > 0 && prefixes.every(confined);
        expect(byName || byKey || byPrefix, `${role.logicalName} ${action} ${resource}`).toBe(true);
        expect(action).not.toMatch(/Scan|PartiQL/);
      }
    }
  });

  it('have policies that fit into a role: 10,240 characters', () => {
    for (const { policies } of rolesOf(graphOf(stage))) {
      expect(JSON.stringify(Object.values(policies)).length).toBeLessThan(10_240);
    }
  });
});

it('every listed wildcard and every listed policy of AWS is used by some stage', () => {
  const roles = stages.flatMap((stage) => rolesOf(graphOf(stage)));
  const grants = roles.flatMap(grantsOf);
  const unused = wildcards.filter(
    ({ actions, resource }) =>
      !actions.every((action) => grants.some((grant) => grant.action === action && resource.test(grant.resource))),
  );
  expect(unused).toEqual([]);
  const attached = new Set(
    roles.filter(({ managedPolicyArns }) => managedPolicyArns.length > 0).map(({ logicalName }) => logicalName),
  );
  expect([...attached].sort()).toEqual(Object.keys(managedPolicies).sort());
});
