import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  ListClustersCommand,
  ListPodIdentityAssociationsCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsHarness, recordingAssumeRole, startAwsHarness } from '../kubernetes/testing/aws-harness.ts';
import { clusterIdentity } from './cluster.ts';
import { createEksEngine, type EksEngine } from './engine.ts';

const role = 'arn:aws:iam::000000000000:role/silo';
const spec = {
  name: 'silos',
  version: '1.34',
  roleArn: 'arn:aws:iam::000000000000:role/cluster',
  accessEntries: [
    { principalArn: 'arn:aws:iam::000000000000:role/team/provisioner', kubernetesGroups: ['tenantry:provisioner'] },
  ],
};
const account = { clusterName: 'silos', namespace: 'tenant', serviceAccount: 'recommender' };

let dir = '';
let aws: AwsHarness;
let engine: EksEngine;
let client: EKSClient;
const open = (): EksEngine =>
  createEksEngine({
    dir,
    clusters: [spec],
    assumeRoleForService: recordingAssumeRole().assume,
    now: () => 1_900_000_000_000,
  });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'eks-'));
  aws = await startAwsHarness();
  engine = open();
  aws.serve(engine);
  client = new EKSClient({
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await engine.close();
  await aws.close();
  rmSync(dir, { recursive: true, force: true });
});

const create = (changes: object = {}) =>
  client.send(new CreatePodIdentityAssociationCommand({ ...account, roleArn: role, ...changes }));

describe('clusters', () => {
  it('are ACTIVE once their API server answers, and tell where', async () => {
    const describe = () => client.send(new DescribeClusterCommand({ name: 'silos' }));
    expect((await describe()).cluster).toMatchObject({
      status: 'CREATING',
      arn: 'arn:aws:eks:us-east-1:000000000000:cluster/silos',
    });
    engine.setEndpoint('silos', { endpoint: 'https://127.0.0.1:6443', certificateAuthority: 'Y2E=' });
    expect((await describe()).cluster).toMatchObject({
      status: 'ACTIVE',
      endpoint: 'https://127.0.0.1:6443',
      certificateAuthority: { data: 'Y2E=' },
      version: '1.34',
      createdAt: new Date(1_900_000_000_000),
    });
    expect((await client.send(new ListClustersCommand({}))).clusters).toEqual(['silos']);
  });

  it('that are not there are ResourceNotFoundException', async () => {
    await expect(client.send(new DescribeClusterCommand({ name: 'x' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(create({ clusterName: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('Pod Identity associations', () => {
  it('are created, described, listed, updated and deleted', async () => {
    const { association } = await create({ tags: { tenant: 't' } });
    expect(association).toMatchObject({
      ...account,
      roleArn: role,
      tags: { tenant: 't' },
      associationId: expect.stringMatching(/^a-[a-z0-9]{17}$/),
      createdAt: new Date(1_900_000_000_000),
    });
    const id = { clusterName: 'silos', associationId: association?.associationId };
    expect(association?.associationArn).toBe(
      `arn:aws:eks:us-east-1:000000000000:podidentityassociation/silos/${id.associationId}`,
    );
    const list = async (filter: object) =>
      (await client.send(new ListPodIdentityAssociationsCommand({ clusterName: 'silos', ...filter }))).associations;
    expect(await list({ namespace: 'tenant', serviceAccount: 'recommender' })).toHaveLength(1);
    expect(await list({ namespace: 'another' })).toEqual([]);
    await client.send(new UpdatePodIdentityAssociationCommand({ ...id, roleArn: `${role}2` }));
    const described = await client.send(new DescribePodIdentityAssociationCommand(id));
    expect(described.association?.roleArn).toBe(`${role}2`);
    await client.send(new DeletePodIdentityAssociationCommand(id));
    await expect(client.send(new DescribePodIdentityAssociationCommand(id))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await list({})).toEqual([]);
  });

  it('are one for a service account: a second is ResourceInUseException', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'ResourceInUseException',
      $metadata: { httpStatusCode: 409 },
    });
    await create({ serviceAccount: 'another' });
    await create({ namespace: 'another' });
  });

  it('are made once for a request that is sent again', async () => {
    const first = await create({ clientRequestToken: 'same' });
    const second = await create({ clientRequestToken: 'same' });
    expect(second.association).toEqual(first.association);
    await expect(create({ clientRequestToken: 'same', namespace: 'b' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('are listed in pages', async () => {
    for (const namespace of ['a', 'b', 'c']) await create({ namespace });
    const page = (nextToken?: string) =>
      client.send(new ListPodIdentityAssociationsCommand({ clusterName: 'silos', maxResults: 2, nextToken }));
    const first = await page();
    const second = await page(first.nextToken);
    const namespaces = [...(first.associations ?? []), ...(second.associations ?? [])].map((one) => one.namespace);
    expect(namespaces).toEqual(['a', 'b', 'c']);
    expect(second.nextToken).toBeUndefined();
  });

  it('outlive a restart', async () => {
    await create();
    const again = open();
    expect(again.associationFor('silos', 'tenant', 'recommender')).toMatchObject({ roleArn: role });
    await again.close();
  });

  it.each([
    ['a role that is none', { roleArn: 'role' }],
    ['a namespace that is none', { namespace: 'Not_A_Label' }],
    ['a policy, which is not offered here', { policy: '{}' }],
    ['a target role, which is not offered here', { targetRoleArn: role }],
  ])('refuse %s', async (_what, changes) => {
    await expect(create(changes)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('need the right to pass their role to EKS', async () => {
    const { association } = await create({ tags: { tenant: 't' } });
    await client.send(
      new DescribePodIdentityAssociationCommand({ clusterName: 'silos', associationId: association?.associationId }),
    );
    expect(aws.required).toEqual([
      {
        operation: 'CreatePodIdentityAssociation',
        requires: [
          {
            action: 'eks:CreatePodIdentityAssociation',
            resource: 'arn:aws:eks:us-east-1:000000000000:cluster/silos',
            context: { 'aws:RequestTag/tenant': ['t'], 'aws:TagKeys': ['tenant'] },
          },
          { action: 'iam:GetRole', resource: role },
          { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': ['pods.eks.amazonaws.com'] } },
        ],
      },
      {
        operation: 'DescribePodIdentityAssociation',
        requires: [{ action: 'eks:DescribePodIdentityAssociation', resource: association?.associationArn }],
      },
    ]);
  });
});

describe('access entries', () => {
  it('name the role behind a session, whatever its path, and nobody else', () => {
    const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/${name}/session`;
    expect(clusterIdentity(spec, session('provisioner'))?.groups).toEqual([
      'tenantry:provisioner',
      'system:authenticated',
    ]);
    expect(clusterIdentity(spec, session('team'))).toBeUndefined();
    expect(clusterIdentity(spec, 'arn:aws:sts::111111111111:assumed-role/provisioner/session')).toBeUndefined();
    expect(clusterIdentity(spec, 'arn:aws:iam::000000000000:root')).toBeUndefined();
  });
});

it('refuses operations that it does not offer', async () => {
  const answer = await fetch(`${aws.endpoint}/clusters/silos/addons`);
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
});
