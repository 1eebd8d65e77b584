import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { ownDynamo } from '@tenantry/functions/scoped/dynamo';
import { createScope } from '@tenantry/functions/scoped/scope';
import { LOCAL_REGION } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { inTurns, type Measurement, measured, microseconds, middle } from '../measurement.ts';
import { startBareServer } from './bare-server.ts';
import { credentialsOf, functionOf, someTenants } from './functions.ts';

/** On both sides of the 50 signing keys that the SDK keeps in a process. */
const TENANTS = [40, 100] as const;
const RUNS = 19;

/** Runs something with the environment that a function has, as far as it is not set otherwise. */
async function withEnvironment<T>(environment: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/**
 * What vended credentials add to a warm request of the collector, over one client for everybody: for getting the tenant's client with its
 * credentials, and to a whole call, which is signed with another key for each tenant.
 */
export async function* addedByVending(cloud: LocalCloud): AsyncGenerator<Measurement> {
  const collector = functionOf(cloud, 'api/collector');
  const own = await credentialsOf(cloud, collector);
  const dynamo = await startBareServer(async () => ({}));
  const environment = {
    ...collector.environment,
    AWS_ENDPOINT_URL: cloud.urls.aws,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: own.accessKeyId,
    AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
    AWS_SESSION_TOKEN: own.sessionToken,
  };
  try {
    yield* await withEnvironment(environment, async () => {
      const scopeOf = createScope('api/collector');
      const tenants = someTenants(Math.max(...TENANTS));
      const one = ownDynamo();
      const clientOf = (tenantId = tenants[0]): DynamoDBDocumentClient => {
        if (!tenantId) throw new Error('There is no tenant.');
        return scopeOf({ tenantId, requestId: 'bench', tier: 'standard' })['tenant-data'].Events.client;
      };
      const added = async (
        name: string,
        { among, requests }: { readonly among: number; readonly requests: number },
        act: (client: DynamoDBDocumentClient) => Promise<unknown>,
      ): Promise<Measurement> => {
        const run = () => microseconds(requests, (request) => act(clientOf(tenants[request % among])));
        const runFloor = () => microseconds(requests, () => act(one));
        // Asks STS for every tenant, and lets the compiler do its work.
        await inTurns(3, run, runFloor);
        const { samples, floors } = await inTurns(RUNS, run, runFloor);
        const differences = samples.map((sample, turn) => sample - (floors[turn] ?? 0));
        return measured(name, 'us', differences, middle(floors).median);
      };
      const get = new GetCommand({ TableName: 'Events', Key: { pk: 'p', sk: 's' } });
      const call = (client: DynamoDBDocumentClient) => client.send(get);
      const results = [
        await added('isolation.vend-added-us', { among: 100, requests: 2000 }, ({ config }) => config.credentials()),
      ];
      for (const among of TENANTS) {
        results.push(await added(`isolation.vend-added-call-us/${among}-tenants`, { among, requests: 200 }, call));
      }
      return results;
    });
  } finally {
    dynamo.close();
  }
}
