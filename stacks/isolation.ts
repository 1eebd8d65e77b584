import {
  type AccessProfile,
  accessProfiles,
  type FunctionProfile,
  type Grant,
} from '@tenantry/core/isolation/profiles';
import type { DeployedFunction } from './function.ts';
import { profileRoleName } from './grants.ts';
import { componentName, resourceName } from './naming.ts';
import { bucketsOf, type Storage, tablesOf } from './storage.ts';

// IAM's own variables, resolved for each call.
// biome-ignore lint/suspicious/noTemplateCurlyInString: see above
const TENANT_OF_SESSION = '${aws:PrincipalTag/TenantId}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: see above
const TENANT_OF_POD = 'ten_${aws:PrincipalTag/kubernetes-namespace}';

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly $util.Input<string>[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const forTenant = (template: string, tenant: string): string => template.replaceAll('{tenant}', tenant);

function statementsOf(grant: Grant, storage: Storage, tenant: string): readonly Statement[] {
  switch (grant.on) {
    case 'table': {
      const { attributes } = grant;
      return [
        {
          Effect: 'Allow',
          Action: grant.actions,
          Resource: [tablesOf(storage)[grant.table].arn],
          Condition: {
            'ForAllValues:StringLike': {
              'dynamodb:LeadingKeys': grant.leadingKeys.map((key) => forTenant(key, tenant)),
            },
            ...(attributes ? { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } } : {}),
            // Without it a call that names no key, such as a scan, would match.
            Null: { 'dynamodb:LeadingKeys': 'false', ...(attributes ? { 'dynamodb:Attributes': 'false' } : {}) },
          },
        },
      ];
    }
    case 'siloTable':
      return [{ Effect: 'Allow', Action: grant.actions, Resource: [storage.silo.eventsOf(tenant)] }];
    case 'bucket': {
      const bucket = bucketsOf(storage)[grant.bucket];
      const prefix = forTenant(grant.prefix, tenant);
      const objectActions = grant.actions.filter((action) => action !== 's3:ListBucket');
      const objects: Statement = {
        Effect: 'Allow',
        Action: objectActions,
        Resource: [$interpolate`${bucket.arn}/${prefix}*`],
      };
      const listing: Statement = {
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: [bucket.arn],
        Condition: { StringLike: { 's3:prefix': [`${prefix}*`] } },
      };
      return [
        ...(objectActions.length > 0 ? [objects] : []),
        ...(objectActions.length < grant.actions.length ? [listing] : []),
      ];
    }
  }
}

const policyOf = (profile: AccessProfile, storage: Storage, tenant: string) =>
  $jsonStringify({
    Version: '2012-10-17',
    Statement: profile.grants.flatMap((grant) => statementsOf(grant, storage, tenant)),
  });

/** One role per access profile, which trusts the roles of the functions that need it, for one named tenant at a time. */
export function createProfileRoles(options: { storage: Storage; functions: readonly DeployedFunction[] }) {
  const { storage, functions } = options;
  const ofFunctions = Object.entries<AccessProfile>(accessProfiles).filter(([, one]) => one.principal === 'function');
  return ofFunctions.map(([name, profile]) => {
    const trusted = functions.filter(({ profiles }) => profiles.some((needed) => needed === name));
    return new aws.iam.Role(componentName(`profile-${name}`), {
      name: profileRoleName(name as FunctionProfile),
      description: profile.description.replaceAll('’', "'"),
      maxSessionDuration: 3600,
      assumeRolePolicy: $jsonStringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: trusted.map(({ roleArn }) => roleArn) },
            Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
            Condition: {
              StringLike: { 'aws:RequestTag/TenantId': `ten_${'?'.repeat(26)}` },
              'ForAllValues:StringEquals': { 'aws:TagKeys': ['TenantId', 'Tier'] },
              Null: { 'aws:RequestTag/TenantId': 'false', 'aws:TagKeys': 'false' },
            },
          },
        ],
      }),
      inlinePolicies: [{ name: 'tenant', policy: policyOf(profile, storage, TENANT_OF_SESSION) }],
    });
  });
}

/** The roles of silos' pods, by what they do. */
const podRoles = { SiloPod: 'tenant-silo', TrainerPod: 'tenant-trainer' } as const;

/** A role of all silos' pods of one kind. EKS tags each session with the pod's namespace, which is the tenant's. */
export function createPodRole(
  logicalName: keyof typeof podRoles,
  { storage, clusterName }: { storage: Storage; clusterName: string },
) {
  const name = podRoles[logicalName];
  const profile = accessProfiles[name];
  return new aws.iam.Role(logicalName, {
    name: resourceName(name),
    description: profile.description.replaceAll('’', "'"),
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: { StringEquals: { 'aws:RequestTag/eks-cluster-name': clusterName } },
        },
      ],
    }),
    inlinePolicies: [{ name: 'tenant', policy: policyOf(profile, storage, TENANT_OF_POD) }],
  });
}
