import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createScope } from '@tenantry/functions/scoped/scope';
import { LOCAL_REGION } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { inTurns, type Measurement, measured, microseconds, middle } from '../measurement.ts';
import { credentialsOf, functionOf, someTenants } from './functions.ts';

const TENANTS = 100;
const RUNS = 25;
const REQUESTS = 2000;

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
 * What a warm request of the collector spends on getting its tenant's client and the credentials to sign with, over what it would
 * spend with one client for everybody.
 */
export async function* addedByVending(cloud: LocalCloud): AsyncGenerator<Measurement> {
  const collector = functionOf(cloud, 'api/collector');
  const own = await credentialsOf(cloud, collector);
  const environment = {
    ...collector.environment,
    AWS_ENDPOINT_URL: cloud.urls.aws,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: own.accessKeyId,
    AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
    AWS_SESSION_TOKEN: own.sessionToken,
  };
  yield await withEnvironment(environment, async () => {
    const scopeOf = createScope('api/collector');
    const tenants = someTenants(TENANTS);
    const fixed = new DynamoDBClient({ region: LOCAL_REGION, credentials: own });
    const scopedClient = async (request: number) => {
      const tenantId = tenants[request % TENANTS] ?? tenants[0];
      if (!tenantId) return;
      const { client } = scopeOf({ tenantId, requestId: 'bench', tier: 'standard' })['tenant-data'].Events;
      await client.config.credentials();
    };
    const fixedClient = () => fixed.config.credentials();
    // Asks STS for every tenant, and lets the compiler do its work.
    await inTurns(
      3,
      () => microseconds(REQUESTS, scopedClient),
      () => microseconds(REQUESTS, fixedClient),
    );
    const { samples, floors } = await inTurns(
      RUNS,
      () => microseconds(REQUESTS, scopedClient),
      () => microseconds(REQUESTS, fixedClient),
    );
    const added = samples.map((sample, run) => sample - (floors[run] ?? 0));
    return measured('isolation.vend-added-us', 'us', added, middle(floors).median);
  });
}
