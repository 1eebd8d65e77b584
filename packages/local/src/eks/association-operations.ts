import { randomInt } from 'node:crypto';
import * as z from 'zod';
import type { IamRequirement, Operation } from '../aws/engine.ts';
import type { Association, AssociationStore } from './association-store.ts';
import { associationArn, clusterArn } from './cluster.ts';
import { invalidParameter, invalidRequest, notFound } from './errors.ts';

const roleArn = z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/);
const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const tags = z.record(z.string().min(1).max(128), z.string().max(256));
const token = z.string().min(1).max(64);

const createSchema = z.strictObject({
  namespace: dnsLabel,
  serviceAccount: z.string().regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/),
  roleArn,
  clientRequestToken: token.optional(),
  tags: tags.optional(),
  disableSessionTags: z.boolean().optional(),
});

const updateSchema = z.strictObject({
  roleArn: roleArn.optional(),
  disableSessionTags: z.boolean().optional(),
  clientRequestToken: token.optional(),
});

export interface AssociationContext {
  readonly store: AssociationStore;
  readonly now: () => number;
}

type Call<T> = T & { readonly cluster: string };

/** @throws {AwsError} `InvalidParameterException` naming the field */
function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidParameter(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
}

/** Handing a role to pods is passing it to the service that gives them its credentials. */
const passRole = (role: string): readonly IamRequirement[] => [
  { action: 'iam:GetRole', resource: role },
  { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': ['pods.eks.amazonaws.com'] } },
];

const newId = (): string => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `a-${Array.from({ length: 17 }, () => alphabet[randomInt(alphabet.length)]).join('')}`;
};

const view = (association: Association): object => ({
  ...association,
  associationArn: associationArn(association.clusterName, association.associationId),
});

const respond = (association: Association) => ({ body: { association: view(association) } });

export function createAssociation(context: AssociationContext, call: Call<{ body: unknown }>): Operation {
  const { clientRequestToken, ...input } = parsed(createSchema, call.body);
  const requestTags = Object.entries(input.tags ?? {});
  return {
    name: 'CreatePodIdentityAssociation',
    requires: [
      {
        action: 'eks:CreatePodIdentityAssociation',
        resource: clusterArn(call.cluster),
        context: {
          ...Object.fromEntries(requestTags.map(([name, value]) => [`aws:RequestTag/${name}`, [value]])),
          ...(requestTags.length > 0 ? { 'aws:TagKeys': requestTags.map(([name]) => name) } : {}),
        },
      },
      ...passRole(input.roleArn),
    ],
    async run() {
      const before = clientRequestToken ? context.store.findByToken(clientRequestToken) : undefined;
      if (before) {
        const same = (['namespace', 'serviceAccount', 'roleArn'] as const).every(
          (name) => before[name] === input[name],
        );
        if (!same) throw invalidRequest('The client request token was used for another association.');
        return respond(before);
      }
      const seconds = context.now() / 1000;
      const association: Association = {
        clusterName: call.cluster,
        associationId: newId(),
        namespace: input.namespace,
        serviceAccount: input.serviceAccount,
        roleArn: input.roleArn,
        disableSessionTags: input.disableSessionTags ?? false,
        tags: input.tags ?? {},
        createdAt: seconds,
        modifiedAt: seconds,
      };
      context.store.insert(association, clientRequestToken);
      return respond(association);
    },
  };
}

export function listAssociations(context: AssociationContext, call: Call<{ query: URLSearchParams }>): Operation {
  const namespace = call.query.get('namespace');
  const serviceAccount = call.query.get('serviceAccount');
  const maxResults = Number(call.query.get('maxResults') ?? '100');
  const start = Number(call.query.get('nextToken') ?? '0');
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > 100)
    throw invalidParameter('maxResults: 1 to 100');
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('nextToken: not a token');
  return {
    name: 'ListPodIdentityAssociations',
    requires: [{ action: 'eks:ListPodIdentityAssociations', resource: clusterArn(call.cluster) }],
    async run() {
      const found = context.store
        .list(call.cluster)
        .filter((one) => namespace === null || one.namespace === namespace)
        .filter((one) => serviceAccount === null || one.serviceAccount === serviceAccount);
      const associations = found.slice(start, start + maxResults).map((one) => ({
        clusterName: one.clusterName,
        namespace: one.namespace,
        serviceAccount: one.serviceAccount,
        associationArn: associationArn(one.clusterName, one.associationId),
        associationId: one.associationId,
      }));
      const next = start + maxResults < found.length ? { nextToken: String(start + maxResults) } : {};
      return { body: { associations, ...next } };
    },
  };
}

/** Describe, update and delete name one association, whose ARN is the resource. */
export function onAssociation(
  context: AssociationContext,
  call: Call<{ id: string; body: unknown }>,
  method: 'GET' | 'POST' | 'DELETE',
): Operation {
  const resource = associationArn(call.cluster, call.id);
  const load = (): Association => {
    const found = context.store.find(call.cluster, call.id);
    if (!found) throw notFound(`The association ${call.id} was not found in cluster ${call.cluster}.`);
    return found;
  };
  if (method === 'GET') {
    return {
      name: 'DescribePodIdentityAssociation',
      requires: [{ action: 'eks:DescribePodIdentityAssociation', resource }],
      run: async () => respond(load()),
    };
  }
  if (method === 'DELETE') {
    return {
      name: 'DeletePodIdentityAssociation',
      requires: [{ action: 'eks:DeletePodIdentityAssociation', resource }],
      async run() {
        const association = load();
        context.store.delete(call.cluster, call.id);
        return respond(association);
      },
    };
  }
  const change = parsed(updateSchema, call.body);
  return {
    name: 'UpdatePodIdentityAssociation',
    requires: [
      { action: 'eks:UpdatePodIdentityAssociation', resource },
      ...(change.roleArn ? passRole(change.roleArn) : []),
    ],
    async run() {
      const before = load();
      const after: Association = {
        ...before,
        roleArn: change.roleArn ?? before.roleArn,
        disableSessionTags: change.disableSessionTags ?? before.disableSessionTags,
        modifiedAt: context.now() / 1000,
      };
      context.store.update(after);
      return respond(after);
    },
  };
}
