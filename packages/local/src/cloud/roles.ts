import type { RoleSpec } from '../iam/role.ts';
import { type ResourceGraph, resourcesOfType } from '../program/graph.ts';
import { type GraphRole, rolesOf } from '../program/roles.ts';

/** Services that act on this machine; roles that only others take are never used here, so their policies are not evaluated. */
const actingServices = [
  'lambda.amazonaws.com',
  'states.amazonaws.com',
  'scheduler.amazonaws.com',
  'pods.eks.amazonaws.com',
];

/** The roles that are taken on this machine: of functions, access profiles, pods, state machines and schedules. */
export const actingRoles = (graph: ResourceGraph): readonly GraphRole[] =>
  rolesOf(graph).filter(({ trust }) =>
    trust.Statement.some(({ Principal }) => {
      if (Principal === '*' || Principal === undefined) return true;
      return 'AWS' in Principal || actingServices.some((service) => [Principal.Service].flat().includes(service));
    }),
  );

/** The program's roles as the local IAM takes them. */
export const roleSpecs = (graph: ResourceGraph): readonly RoleSpec[] =>
  actingRoles(graph).map(({ arn, name, trust, policies, managedPolicyArns }) => ({
    arn,
    name,
    trustPolicy: trust,
    policies: Object.entries(policies).map(([policyName, document]) => ({ name: policyName, document })),
    managedPolicyArns,
  }));

/** Bucket policies of the program. */
export const bucketPolicies = (
  graph: ResourceGraph,
): readonly { readonly resourceArn: string; readonly document: unknown }[] =>
  resourcesOfType(graph, 'aws:s3/bucketPolicy:BucketPolicy').map(({ inputs }) => ({
    resourceArn: `arn:aws:s3:::${String(inputs.bucket)}`,
    document: inputs.policy,
  }));
