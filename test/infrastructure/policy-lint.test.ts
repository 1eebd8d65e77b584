import { type Finding, lint } from '@tenantry/local/policy-lint/lint';
import { rules } from '@tenantry/local/policy-lint/rules';
import { staleReasons } from '@tenantry/local/policy-lint/stale-reasons';
import type { GraphResource, ResourceGraph } from '@tenantry/local/program/graph';
import { describe, expect, it } from 'vitest';
import { reasons } from '../../stacks/reasons.ts';
import { graphOf, stages } from './graphs.ts';

it.each(stages)('the policy linter finds nothing in %s', (stage) => {
  expect(lint(rules, { graph: graphOf(stage), reasons })).toEqual([]);
});

it('every recorded reason is needed by some stage', { timeout: 60_000 }, () => {
  const graphs = stages.map(graphOf);
  expect(staleReasons(rules, graphs, reasons)).toEqual([]);
  const more = { ...reasons, exposures: { ...reasons.exposures, Backdoor: 'none' } };
  expect(staleReasons(rules, graphs, more)).toEqual([
    { rule: 'stale-reason', resource: 'Backdoor', problem: 'nothing needs it: take it out' },
  ]);
});

type Loose = { [key: string]: Loose } & string & Loose[];

/** What the linter finds after one change of the program. */
function planted(
  change: (edit: (type: string, name: string) => Loose, graph: ResourceGraph) => void,
): readonly Finding[] {
  const graph = structuredClone(graphOf('production')) as ResourceGraph;
  const edit = (type: string, name: string) => {
    const found = graph.resources.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
    if (!found) throw new Error(`There is no ${type} ${name}.`);
    return found as unknown as Loose;
  };
  change(edit, graph);
  return lint(rules, { graph, reasons });
}

/** Changes the only inline policy of a role. */
function editPolicy(role: Loose, change: (statements: Loose[]) => void): void {
  const [policy] = (role.state?.inlinePolicies ?? []) as unknown as { policy: string | object }[];
  if (!policy) throw new Error('The role has no policy.');
  const document = (typeof policy.policy === 'string' ? JSON.parse(policy.policy) : policy.policy) as {
    Statement: Loose[];
  };
  change(document.Statement);
  policy.policy = JSON.stringify(document);
}

function editTrust(role: Loose, change: (statement: Loose) => void): void {
  const state = role.state as unknown as { assumeRolePolicy: string | { Statement: Loose[] } };
  const { assumeRolePolicy: trust } = state;
  const document = (typeof trust === 'string' ? JSON.parse(trust) : trust) as { Statement: Loose[] };
  for (const statement of document.Statement) change(statement);
  state.assumeRolePolicy = JSON.stringify(document);
}

const allow = (Action: string, Resource: string, Condition?: object) =>
  ({
    Effect: 'Allow',
    Action: [Action],
    Resource: [Resource],
    ...(Condition ? { Condition } : {}),
  }) as unknown as Loose;
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/x';
const add = (graph: ResourceGraph, resource: Partial<GraphResource>) =>
  (graph.resources as GraphResource[]).push({
    urn: 'x',
    id: 'x',
    inputs: {},
    state: {},
    type: '',
    name: '',
    ...resource,
  });

type Change = Parameters<typeof planted>[0];
const collector = 'ApiCollectorRole';
const inPolicy =
  (role: string, change: (statements: Loose[]) => void): Change =>
  (edit) =>
    editPolicy(edit('Role', role), change);

/** One violation for each rule, and what must be said of it. */
const violations: readonly [rule: string, resource: string, about: RegExp, Change][] = [
  ['wildcard-action', collector, /sqs:\*/, inPolicy(collector, (all) => all.push(allow('sqs:*', 'arn:aws:sqs:::q')))],
  [
    'wildcard-resource',
    collector,
    /sqs:SendMessage on \*/,
    inPolicy(collector, (all) => all.push(allow('sqs:SendMessage', '*'))),
  ],
  [
    'only-allow',
    collector,
    /allowed/,
    inPolicy(collector, (all) =>
      all.push({ Effect: 'Deny', Action: 'sqs:SendMessage', Resource: 'x' } as unknown as Loose),
    ),
  ],
  [
    'null-companion',
    'ProfileTenantKeys',
    /dynamodb:LeadingKeys/,
    inPolicy('ProfileTenantKeys', ([statement]) => {
      if (statement)
        Object.assign(statement, { Condition: { ...(statement.Condition as unknown as object), Null: {} } });
    }),
  ],
  ['tenant-data', collector, /Scan/, inPolicy(collector, (all) => all.push(allow('dynamodb:Scan', table)))],
  [
    'tenant-data',
    collector,
    /PartiQLSelect/,
    inPolicy(collector, (all) => all.push(allow('dynamodb:PartiQLSelect', table))),
  ],
  [
    'tenant-data',
    collector,
    /GetItem.*leading keys/,
    inPolicy(collector, (all) => all.push(allow('dynamodb:GetItem', table))),
  ],
  [
    'tenant-data',
    collector,
    /Query.*leading keys/,
    inPolicy(collector, (all) =>
      all.push(
        allow('dynamodb:Query', `${table}/index/gsi1`, {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        }),
      ),
    ),
  ],
  [
    'tenant-objects',
    collector,
    /GetObject/,
    (edit) =>
      editPolicy(edit('Role', collector), (all) =>
        all.push(allow('s3:GetObject', `arn:aws:s3:::${edit('Bucket', 'ModelsBucket').id}/models/x`)),
      ),
  ],
  [
    'user-attributes',
    'UsersUserPool',
    /tenantId/,
    (edit) => {
      (edit('UserPool', 'UsersUserPool').inputs as unknown as { schemas: object[] }).schemas = [{ name: 'tenantId' }];
    },
  ],
  [
    'user-attributes',
    'WebClient',
    /custom:anything/,
    (edit) => edit('UserPoolClient', 'WebClient').inputs?.writeAttributes?.push('custom:anything' as unknown as Loose),
  ],
  [
    'user-attributes',
    'WebClient',
    /every attribute/,
    (edit) => {
      delete (edit('UserPoolClient', 'WebClient').inputs as unknown as { writeAttributes?: object }).writeAttributes;
    },
  ],
  [
    'tokens',
    'UsersUserPool',
    /V2/,
    (edit) => {
      delete (edit('UserPool', 'UsersUserPool').inputs as unknown as { lambdaConfig?: object }).lambdaConfig;
    },
  ],
  [
    'tokens',
    'WebClient',
    /`code`/,
    (edit) => edit('UserPoolClient', 'WebClient').inputs?.allowedOauthFlows?.push('implicit' as unknown as Loose),
  ],
  [
    'tokens',
    'WebClient',
    /passwords/,
    (edit) =>
      edit('UserPoolClient', 'WebClient').inputs?.explicitAuthFlows?.push(
        'ALLOW_USER_PASSWORD_AUTH' as unknown as Loose,
      ),
  ],
  [
    'trust',
    'ProfileTenantKeys',
    /:root/,
    (edit) =>
      editTrust(edit('Role', 'ProfileTenantKeys'), (statement) =>
        statement.Principal?.AWS?.push('arn:aws:iam::000000000000:root' as unknown as Loose),
      ),
  ],
  [
    'trust',
    collector,
    /anybody may take it/,
    (edit) => editTrust(edit('Role', collector), (statement) => Object.assign(statement, { Principal: '*' })),
  ],
  [
    'trust',
    'OnboardingRole',
    /aws:SourceAccount/,
    (edit) =>
      editTrust(edit('Role', 'OnboardingRole'), (statement) => {
        delete (statement as unknown as { Condition?: object }).Condition;
      }),
  ],
  [
    'trust',
    'ProfileTenantKeys',
    /no function of this program/,
    (edit) =>
      editTrust(edit('Role', 'ProfileTenantKeys'), (statement) =>
        statement.Principal?.AWS?.push('arn:aws:iam::000000000000:role/another' as unknown as Loose),
      ),
  ],
  [
    'session-tags',
    'ProfileTenantKeys',
    /TenantId/,
    (edit) =>
      editTrust(edit('Role', 'ProfileTenantKeys'), (statement) =>
        Object.assign(statement, { Condition: { Null: { 'aws:TagKeys': 'false' } } }),
      ),
  ],
  [
    'session-tags',
    collector,
    /does not trust it/,
    inPolicy(collector, (all) => all.push(allow('sts:AssumeRole', 'arn:aws:iam::000000000000:role/another'))),
  ],
  [
    'policy-size',
    collector,
    /10240/,
    inPolicy(collector, (all) => all.push(allow('sqs:SendMessage', `arn:aws:sqs:::${'q'.repeat(11_000)}`))),
  ],
  [
    'policy-size',
    'Silo',
    /2048/,
    (_, graph) =>
      add(graph, {
        type: 'aws:eks/podIdentityAssociation:PodIdentityAssociation',
        name: 'Silo',
        inputs: { policy: 'x'.repeat(2049) },
      }),
  ],
  [
    'managed-policy',
    collector,
    /AdministratorAccess/,
    (edit) => {
      (edit('Role', collector).state as unknown as { managedPolicyArns: string[] }).managedPolicyArns = [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ];
    },
  ],
  [
    'public-bucket',
    'ModelsBucket',
    /blockPublicPolicy/,
    (edit) =>
      Object.assign(edit('BucketPublicAccessBlock', 'ModelsPublicAccessBlock').inputs ?? {}, {
        blockPublicPolicy: false,
      }),
  ],
  [
    'public-bucket',
    'ModelsBucket',
    /everybody/,
    (edit) => {
      const { inputs } = edit('BucketPolicy', 'ModelsPolicy') as unknown as { inputs: { policy: string } };
      const policy = JSON.parse(inputs.policy) as { Statement: object[] };
      policy.Statement.push({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'x' });
      inputs.policy = JSON.stringify(policy);
    },
  ],
  [
    'encryption',
    'EventsTable',
    /serverSideEncryption/,
    (edit) => Object.assign(edit('Table', 'EventsTable').inputs ?? {}, { serverSideEncryption: { enabled: false } }),
  ],
  [
    'encryption',
    'BillingEventsQueue',
    /sqsManagedSseEnabled/,
    (edit) => Object.assign(edit('Queue', 'BillingEventsQueue').inputs ?? {}, { sqsManagedSseEnabled: false }),
  ],
  [
    'encryption',
    'ArchiveBucket',
    /without encryption/,
    (edit) =>
      Object.assign(edit('BucketServerSideEncryptionConfiguration', 'ArchiveEncryption').inputs ?? {}, {
        bucket: 'other',
      }),
  ],
  [
    'recovery',
    'ControlTable',
    /point-in-time/,
    (edit) => Object.assign(edit('Table', 'ControlTable').inputs ?? {}, { pointInTimeRecovery: { enabled: false } }),
  ],
  [
    'log-retention',
    'ApiKeysLog',
    /for ever/,
    (edit) => {
      delete (edit('LogGroup', 'ApiKeysLog').inputs as unknown as { retentionInDays?: number }).retentionInDays;
    },
  ],
  [
    'log-retention',
    'Training',
    /data of executions/,
    (edit) =>
      Object.assign(edit('StateMachine', 'Training').inputs?.loggingConfiguration ?? {}, {
        includeExecutionData: true,
      }),
  ],
  [
    'authorizer',
    'GET /v1/tenant',
    /nobody vouches/,
    (edit) => Object.assign(edit('Route', 'ApiRouteGetTenant').inputs ?? {}, { authorizationType: 'NONE' }),
  ],
  [
    'invocation',
    'ApiKeysInvocation',
    /from anywhere/,
    (edit) => {
      delete (edit('Permission', 'ApiKeysInvocation').inputs as unknown as { sourceArn?: string }).sourceArn;
    },
  ],
  [
    'exposure',
    'Door',
    /internet/,
    (_, graph) => add(graph, { type: 'aws:lambda/functionUrl:FunctionUrl', name: 'Door' }),
  ],
  [
    'secret-variables',
    'ApiKeys',
    /DATABASE_PASSWORD/,
    (_, graph) => {
      const keys = graph.functions.find(({ logicalName }) => logicalName === 'ApiKeys');
      Object.assign(keys?.environment ?? {}, { DATABASE_PASSWORD: 'x' });
    },
  ],
];

describe('a planted violation is found, and nothing else', () => {
  it.each(violations)('%s: %s %s', (rule, resource, about, change) => {
    const findings = planted(change);
    expect(findings.map((finding) => [finding.rule, finding.resource])).toEqual([[rule, resource]]);
    expect(findings[0]?.problem).toMatch(about);
  });

  it('there is one for every rule', () => {
    const tried = new Set(violations.map(([rule]) => rule));
    expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
