import { type ResourceGraph, resourcesOfType } from './graph.ts';

type OneOrMany = string | readonly string[];

/** A statement of an IAM policy in its JSON form. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface GraphRole {
  /** Physical name. */
  readonly name: string;
  readonly logicalName: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  /** ARNs of AWS's own policies that are attached. */
  readonly managedPolicyArns: readonly string[];
}

/** Pulumi takes policies as JSON text or as objects. */
const parsed = (policy: unknown): PolicyDocument =>
  (typeof policy === 'string' ? JSON.parse(policy) : policy) as PolicyDocument;

/** The IAM roles of a graph with their policies parsed. */
export function rolesOf(graph: ResourceGraph): readonly GraphRole[] {
  return resourcesOfType(graph, 'aws:iam/role:Role').map(({ name, arn, state }) => {
    const inline = (state.inlinePolicies ?? []) as readonly { readonly name: string; readonly policy: unknown }[];
    return {
      name: String(state.name),
      logicalName: name,
      arn: arn ?? '',
      trust: parsed(state.assumeRolePolicy),
      policies: Object.fromEntries(inline.map((item) => [item.name, parsed(item.policy)])),
      managedPolicyArns: (state.managedPolicyArns ?? []) as readonly string[],
    };
  });
}

/** A policy's element that may be one string or several. */
export const listOf = (value: OneOrMany | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
