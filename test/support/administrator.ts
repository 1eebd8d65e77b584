import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EKSClient } from '@aws-sdk/client-eks';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { eksToken } from '@tenantry/core/silo/token';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourceNamed } from '@tenantry/local/program/graph';
import { rootClient, tableName } from './rows.ts';

/** Somebody with all rights in the account: for bringing about what the system under test must find. */
export function administrator(cloud: LocalCloud) {
  const { urls, rootCredentials: credentials, graph } = cloud;
  const options = { endpoint: urls.aws, region: 'us-east-1', credentials };
  const functionOf = (handler: string) => graph.functions.find((one) => one.handler.includes(`/${handler}.`));

  /** The cluster as a function sees it, whose group says what it may do there. */
  function clusterAs(handler: string): ClusterClient {
    const roleArn = functionOf(handler)?.roleArn ?? '';
    const clusterName = resourceNamed(graph, 'aws:eks/cluster:Cluster', 'Silos').id;
    return clusterClient({
      endpoint: cloud.kubernetes?.url ?? '',
      certificateAuthority: cloud.kubernetes?.caData ?? '',
      token: async () =>
        eksToken({
          clusterName,
          region: 'us-east-1',
          endpoint: urls.aws,
          credentials: await cloud.assumeRoleForService({
            roleArn,
            servicePrincipal: 'lambda.amazonaws.com',
            sessionName: 'administrator-attempt',
          }),
        }),
    });
  }

  return {
    functionOf,
    clusterAs,
    rows: rootClient(cloud),
    control: tableName(cloud, 'Control'),
    dynamo: new DynamoDBClient(options),
    eks: new EKSClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    states: new SFNClient(options),
    /** Has Stripe tell of what changes from here on only after a while. */
    async delayWebhooks(delayMs: number): Promise<void> {
      const response = await fetch(`${urls.stripe}/_local/webhooks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ delayMs }),
      });
      if (!response.ok) throw new Error(`The webhooks cannot be delayed: ${await response.text()}`);
    },
    /** Straight to Stripe, with the stage's own key. */
    async stripe(path: string, changes?: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
      const response = await fetch(`${urls.stripe}/v1/${path}`, {
        method: changes ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${functionOf('jobs/reconcile')?.environment.STRIPE_SECRET_KEY}` },
        ...(changes ? { body: new URLSearchParams(changes) } : {}),
      });
      if (!response.ok) throw new Error(`Stripe answers ${response.status} to ${path}: ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
  };
}

export type Administrator = ReturnType<typeof administrator>;
