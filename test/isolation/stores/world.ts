import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { siloEventsTable } from '@tenantry/core/events/store';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { type FunctionAccess, functionAccess } from '@tenantry/core/isolation/functions';
import { type AccessProfile, accessProfiles, type ProfileName } from '@tenantry/core/isolation/profiles';
import { siloNamespace } from '@tenantry/core/silo/names';
import type { TemporaryCredentials } from '@tenantry/local/aws/engine';
import { resourceNamed, resourcesOfType } from '@tenantry/local/program/graph';
import { rolesOf } from '@tenantry/local/program/roles';
import { rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { bucketCases, type Key, type TableCase, tableCases } from './store-cases.ts';
import type { Clients } from './table-attempts.ts';

export interface StoresWorld {
  readonly test: TestCloud;
  /** Whose credentials are tried, and who must not be reached; both have a silo. */
  readonly own: TenantId;
  readonly foreign: TenantId;
  readonly siloTableOf: (tenantId: TenantId) => string;
  readonly bucketOf: (name: string) => string;
  readonly tableOf: (name: string) => string;
}

const options = ({ cloud }: TestCloud) => ({ endpoint: cloud.urls.aws, region: 'us-east-1', maxAttempts: 1 });

export async function createStoresWorld(): Promise<StoresWorld> {
  const test = await startTestCloud();
  const [a, b] = await Promise.all([test.founder('premium'), test.founder('premium')]);
  if (!isTenantId(a.tenantId) || !isTenantId(b.tenantId)) throw new Error('no tenant ids');
  const prefix = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'ApiCollector')?.environment
    .SILO_TABLE_PREFIX;
  const world: StoresWorld = {
    test,
    own: a.tenantId,
    foreign: b.tenantId,
    siloTableOf: (tenantId) => siloEventsTable(prefix ?? '', tenantId),
    bucketOf: (name) => resourceNamed(test.cloud.graph, 'aws:s3/bucket:Bucket', `${name}Bucket`).id,
    tableOf: (name) => tableName(test.cloud, name),
  };
  await plant(world);
  return world;
}

/** A row in every partition of every table and an object in every bucket, for both tenants. */
async function plant(world: StoresWorld): Promise<void> {
  const document = rootClient(world.test.cloud);
  const s3 = new S3Client({
    ...options(world.test),
    credentials: world.test.cloud.rootCredentials,
    forcePathStyle: true,
  });
  const put = (TableName: string, key: Key) => document.send(new PutCommand({ TableName, Item: { ...key } }));
  for (const tenant of [world.own, world.foreign]) {
    for (const [name, { rowsOf }] of Object.entries<TableCase>(tableCases)) {
      const planted = rowsOf(tenant).filter(({ sk }) => sk !== 'META');
      for (const key of planted) await put(world.tableOf(name), key);
    }
    await put(world.siloTableOf(tenant), siloKey(tenant));
    for (const [name, { keyOf }] of Object.entries(bucketCases)) {
      await s3.send(new PutObjectCommand({ Bucket: world.bucketOf(name), Key: keyOf(tenant), Body: tenant }));
    }
  }
  s3.destroy();
  document.destroy();
}

export const siloKey = (tenantId: TenantId): Key => ({
  pk: `${tenantId}#shopper-1`,
  sk: '2026-01-01T00:00:00.000Z#evt_planted',
});

export const clientsFor = ({ test }: StoresWorld, credentials: TemporaryCredentials) => {
  const plain = new DynamoDBClient({ ...options(test), credentials });
  const s3 = new S3Client({ ...options(test), credentials, forcePathStyle: true });
  const sts = new STSClient({ ...options(test), credentials });
  const clients: Clients = { plain, document: DynamoDBDocumentClient.from(plain) };
  return { clients, s3, sts };
};

/** The credentials of a function's own role, for an attempt. */
export async function ownCredentials({ test }: StoresWorld, path: string): Promise<TemporaryCredentials> {
  const fn = test.cloud.graph.functions.find(({ handler }) => handler.includes(`/${path}.handler`));
  if (!fn) throw new Error(`There is no function ${path}.`);
  return test.cloud.assumeRoleForService({
    roleArn: fn.roleArn,
    servicePrincipal: 'lambda.amazonaws.com',
    sessionName: 'isolation-attempt',
  });
}

/** A function that may ask for the profile. */
export function takerOf(profile: ProfileName): string {
  const taker = Object.entries<FunctionAccess>(functionAccess).find(([, { profiles }]) =>
    profiles.some((name) => name === profile),
  );
  if (!taker) throw new Error(`The access profile ${profile} has no isolation cases: no function takes it.`);
  return taker[0];
}

export const profileRoleArn = ({ test }: StoresWorld, profile: ProfileName): string => {
  const role = rolesOf(test.cloud.graph).find(({ name }) => name === `tenantry-local-${profile}`);
  if (!role) throw new Error(`The access profile ${profile} has no role.`);
  return role.arn;
};

/** What a function gets for the tenant `own`, or what the tenant's pod gets, by the ways that they take. */
export async function vended(world: StoresWorld, profile: ProfileName): Promise<TemporaryCredentials> {
  const { test, own } = world;
  if ((accessProfiles[profile] satisfies AccessProfile as AccessProfile).principal === 'pod') {
    const cluster = resourcesOfType(test.cloud.graph, 'aws:eks/cluster:Cluster')[0]?.id ?? '';
    const namespace = siloNamespace(own);
    return test.cloud.assumeRoleForService({
      roleArn: profileRoleArn(world, profile),
      servicePrincipal: 'pods.eks.amazonaws.com',
      sessionName: 'isolation-attempt',
      tags: {
        'eks-cluster-arn': `arn:aws:eks:us-east-1:000000000000:cluster/${cluster}`,
        'eks-cluster-name': cluster,
        'kubernetes-namespace': namespace,
        'kubernetes-service-account': 'recommender',
        'kubernetes-pod-name': 'attempt',
        'kubernetes-pod-uid': 'attempt',
      },
    });
  }
  const { sts } = clientsFor(world, await ownCredentials(world, takerOf(profile)));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: profileRoleArn(world, profile),
      RoleSessionName: `${own}.attempt`,
      SourceIdentity: `${own}.attempt`,
      Tags: [{ Key: 'TenantId', Value: own }],
    }),
  );
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration = new Date(0) } = Credentials ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
