import { DynamoDBClient, GetItemCommand, type GetItemOutput } from '@aws-sdk/client-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId } from '@tenantry/core/ids/id';
import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { type AwsRequest, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { tableName } from '../../support/rows.ts';
import type { Founder } from '../../support/test-cloud.ts';
import { inTurns, type Measurement, measured, microseconds, middle } from '../measurement.ts';
import { startBareServer } from './bare-server.ts';
import { vendingOf } from './functions.ts';

const RUNS = 15;
const CALLS = 60;
const WARM_UP = 3;

/**
 * A `GetItem` of the tenant's registry under its own session, through the gateway as functions send it. Beside it, the engine called within
 * the process; and then the engine behind a server that checks neither signature nor policies.
 */
export async function* gatewayCalls(cloud: LocalCloud, { tenantId }: Founder): AsyncGenerator<Measurement> {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no id of a tenant.`);
  const { pk, sk } = controlKeys.tenant(tenantId);
  const input = { TableName: tableName(cloud, 'Control'), Key: { pk: { S: pk }, sk: { S: sk } } };
  const read = async (body: Buffer) => (await cloud.dynamodb.prepare(requestOf(body))).run(caller);

  const vending = await vendingOf(cloud, 'api/tenant', 'tenant-member');
  const session = { tenantId, requestId: 'bench', tier: 'standard' };
  const credentials = await createCredentialVendor(vending).credentialsFor('tenant-member', session);
  const bare = await startBareServer(async (body) => (await read(body)).body);
  const clientOf = (endpoint: string) => new DynamoDBClient({ endpoint, region: LOCAL_REGION, credentials });
  const [gatewayClient, bareClient] = [clientOf(cloud.urls.aws), clientOf(bare.url)];
  const overGateway = async () => (await gatewayClient.send(new GetItemCommand(input))).Item;
  const overHttp = async () => (await bareClient.send(new GetItemCommand(input))).Item;
  const body = Buffer.from(JSON.stringify(input));
  const inProcess = async () => ((await read(body)).body as GetItemOutput).Item;

  try {
    const items = await Promise.all([overGateway(), overHttp(), inProcess()]);
    if (!items[0] || items.some((item) => JSON.stringify(item) !== JSON.stringify(items[0]))) {
      throw new Error('The ways to the item do not read the same.');
    }
    const timed = (call: () => Promise<unknown>) => () => microseconds(CALLS, call);
    for (const [name, floor] of [
      ['isolation.gateway-call-us', inProcess],
      ['isolation.gateway-call-us/http', overHttp],
    ] as const) {
      await inTurns(WARM_UP, timed(overGateway), timed(floor));
      const { samples, floors } = await inTurns(RUNS, timed(overGateway), timed(floor));
      yield measured(name, 'us', samples, middle(floors).median);
    }
  } finally {
    gatewayClient.destroy();
    bareClient.destroy();
    bare.close();
    vending.sts.destroy();
  }
}

const caller = { accountId: LOCAL_ACCOUNT_ID, arn: 'bench', tags: {} };

const requestOf = (body: Buffer): AwsRequest => ({
  service: 'dynamodb',
  region: LOCAL_REGION,
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
  body,
  requestId: 'bench',
});
