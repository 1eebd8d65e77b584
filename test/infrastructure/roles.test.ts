import { crossingsOf } from '@tenantry/core/isolation/environment';
import type { FunctionName } from '@tenantry/core/isolation/functions';
import { type AccessProfile, accessProfiles } from '@tenantry/core/isolation/profiles';
import { type GraphRole, listOf, type PolicyStatement, rolesOf } from '@tenantry/local/program/roles';
import { describe, expect, it } from 'vitest';
import { graphOf, named, stages } from './graphs.ts';

/** What the pods of silos take, which answer and which train. */
const podRoles = ['SiloPod', 'TrainerPod'];

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

const serviceTrust = (service: string, actions: string | readonly string[] = 'sts:AssumeRole') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: actions }],
});

/** For a service that acts for whoever configures it: on behalf of this account only. */
const onBehalf = (service: string) => {
  const [statement] = serviceTrust(service).Statement;
  const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000' } };
  return { Version: '2012-10-17', Statement: [{ ...statement, Condition }] };
};

describe.each(stages)('the roles of %s', (stage) => {
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
      if (podRoles.includes(role.logicalName)) {
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
                StringLike: { 'aws:RequestTag/TenantId': `ten_${'?'.repeat(26)}` },
                'ForAllValues:StringEquals': { 'aws:TagKeys': ['TenantId', 'Tier'] },
                Null: { 'aws:RequestTag/TenantId': 'false', 'aws:TagKeys': 'false' },
              },
            },
          ],
        };
      }
      const services: Readonly<Record<string, object>> = {
        DeletionRole: onBehalf('states.amazonaws.com'),
        FleetRole: onBehalf('states.amazonaws.com'),
        TierChangeRole: onBehalf('states.amazonaws.com'),
        OnboardingRole: onBehalf('states.amazonaws.com'),
        ExportRole: onBehalf('states.amazonaws.com'),
        ErasureRole: onBehalf('states.amazonaws.com'),
        SuspensionRole: onBehalf('states.amazonaws.com'),
        TrainingRole: onBehalf('states.amazonaws.com'),
        SilosCluster: serviceTrust('eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']),
        SilosNode: serviceTrust('ec2.amazonaws.com', ['sts:AssumeRole']),
        CheckDomainsRole: onBehalf('scheduler.amazonaws.com'),
        ExpireRegistrationsRole: onBehalf('scheduler.amazonaws.com'),
        FinanceRole: onBehalf('scheduler.amazonaws.com'),
        ReconcileRole: onBehalf('scheduler.amazonaws.com'),
        CountUsageRole: onBehalf('scheduler.amazonaws.com'),
        MeasureStorageRole: onBehalf('scheduler.amazonaws.com'),
        MeasureUsageRole: onBehalf('scheduler.amazonaws.com'),
        RedriveStreamsRole: onBehalf('scheduler.amazonaws.com'),
        ReportUsageRole: onBehalf('scheduler.amazonaws.com'),
        ReviewBillingRole: onBehalf('scheduler.amazonaws.com'),
        ScheduleTrainingRole: onBehalf('scheduler.amazonaws.com'),
        SendCircularsRole: onBehalf('scheduler.amazonaws.com'),
        WeeklyReportRole: onBehalf('scheduler.amazonaws.com'),
        WatchHealthRole: onBehalf('scheduler.amazonaws.com'),
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

  it('cross tenants exactly as the table of functions says, by leading keys, and no function that is not in it', () => {
    const graph = graphOf(stage);
    const tables = new Map(
      ['Control', 'Events', 'Recommendations', 'Catalogue', 'Attribution', 'Usage', 'Audit'].map((name) => [
        named(graph, 'Table', `${name}Table`).arn ?? '',
        name,
      ]),
    );
    /** `Control` or `Control/index/gsi1`; undefined for what is none of these tables. */
    const placeOf = (resource: string) => {
      const [arn = '', index] = resource.split('/index/');
      const table = tables.get(arn);
      return table && (index ? `${table}/index/${index}` : table);
    };
    for (const { handler, roleName } of graph.functions) {
      const path = handler.replace('packages/functions/src/', '').replace('.handler', '');
      const role = functionRoles(stage).find(({ name }) => name === roleName);
      const granted = (role ? grantsOf(role) : []).flatMap(({ action, resource, condition }) => {
        const place = action.startsWith('dynamodb:') ? placeOf(resource) : undefined;
        if (!place) return [];
        const keys = listOf(condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
        const bounded = listOf(condition?.Null?.['dynamodb:LeadingKeys'])[0] === 'false';
        return [`${action} ${place} ${bounded ? keys.join() : 'without a key'}`];
      });
      const listed = crossingsOf(path as FunctionName).flatMap(({ table, index, actions, leadingKeys }) =>
        actions.map((action) => `${action} ${table}${index ? `/index/${index}` : ''} ${leadingKeys.join()}`),
      );
      expect(granted.sort(), path).toEqual(listed.sort());
    }
  });

  it('reach no object, no stream but those that are archived, metered, published, sealed and told, and no siloed table but to make it or take it down', () => {
    const streamReaders = new Set([
      'ConsumersAuditChainRole',
      'ConsumersEventArchiveRole',
      'ConsumersCatalogueSnapshotRole',
      'ConsumersRecommendationMeterRole',
      'ConsumersWebhookEventsRole',
      'JobsRedriveStreamsRole',
    ]);
    const makers = new Set(['TasksOnboardingStorageRole', 'TasksDeletionSiloRole', 'JobsReconcileRole']);
    const trespasses = functionRoles(stage)
      .flatMap(grantsOf)
      .filter(({ role, action, resource }) => {
        if (action.startsWith('s3:')) return role !== 'JobsReconcileRole';
        if (!action.startsWith('dynamodb:')) return false;
        if (resource.includes('/stream/')) return !streamReaders.has(role);
        return resource.includes('-silo-') && !makers.has(role);
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

  it("deletion takes siloed tenants' tables down without reading or writing an item", () => {
    const role = functionRoles(stage).find(({ logicalName }) => logicalName === 'TasksDeletionSiloRole');
    const actions = (role ? grantsOf(role) : [])
      .filter(({ resource }) => resource.includes('-silo-'))
      .map(({ action }) => action);
    expect(actions.sort()).toEqual(['dynamodb:DeleteTable', 'dynamodb:DescribeTable']);
  });

  it('reconciliation sees whose folders there are and none of the objects, and takes siloed tables down unread', () => {
    const role = functionRoles(stage).find(({ logicalName }) => logicalName === 'JobsReconcileRole');
    const granted = role ? grantsOf(role) : [];
    const listings = granted.filter(({ action }) => action.startsWith('s3:'));
    expect(listings.map(({ action, condition }) => [action, condition])).toEqual(
      ['models/', 'archive/', 'exports/'].map((prefix) => [
        's3:ListBucket',
        { StringEquals: { 's3:prefix': [prefix], 's3:delimiter': ['/'] } },
      ]),
    );
    const onTables = granted.filter(({ resource }) => resource.includes('-silo-')).map(({ action }) => action);
    expect(onTables).toEqual(['dynamodb:DeleteTable']);
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
      expect(resource).toMatch(new RegExp(`:role/tenantry-${stage}-tenant-(silo|trainer)$`));
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
      const tenant = podRoles.includes(role.logicalName)
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
});
