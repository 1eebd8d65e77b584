import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId } from '@tenantry/core/ids/id';
import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { type AwsRequest, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '@tenantry/local/aws/engine';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { tableName } from '../../support/rows.ts';
import type { Founder } from '../../support/test-cloud.ts';
import { inTurns, type Measurement, measured, microseconds, middle } from '../measurement.ts';
import { vendingOf } from './functions.ts';

const RUNS = 15;
const CALLS = 60;

/** A `GetItem` of the tenant's registry under its own session, as functions call it, against the engine called within the process. */
export async function* gatewayCalls(cloud: LocalCloud, { tenantId }: Founder): AsyncGenerator<Measurement> {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no id of a tenant.`);
  const vending = await vendingOf(cloud, 'api/tenant', 'tenant-member');
  const credentials = await createCredentialVendor(vending).credentialsFor('tenant-member', {
    tenantId,
    requestId: 'bench',
    tier: 'standard',
  });
  const client = new DynamoDBClient({ endpoint: cloud.urls.aws, region: LOCAL_REGION, credentials });
  const { pk, sk } = controlKeys.tenant(tenantId);
  const input = {
    TableName: tableName(cloud, 'Control'),
    Key: { pk: { S: pk }, sk: { S: sk } },
  };
  const request: AwsRequest = {
    service: 'dynamodb',
    region: LOCAL_REGION,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    body: Buffer.from(JSON.stringify(input)),
    requestId: 'bench',
  };
  const caller = { accountId: LOCAL_ACCOUNT_ID, arn: 'bench', tags: {} };
  const overGateway = () => client.send(new GetItemCommand(input));
  const inProcess = async () => (await cloud.dynamodb.prepare(request)).run(caller);

  try {
    const [{ Item }, { body }] = await Promise.all([overGateway(), inProcess()]);
    if (!Item || JSON.stringify(body) !== JSON.stringify({ Item }))
      throw new Error('The two ways read different items.');
    const timed = (call: () => Promise<unknown>) => () => microseconds(CALLS, call);
    await inTurns(3, timed(overGateway), timed(inProcess));
    const { samples, floors } = await inTurns(RUNS, timed(overGateway), timed(inProcess));
    yield measured('isolation.gateway-call-us', 'us', samples, middle(floors).median);
  } finally {
    client.destroy();
    vending.sts.destroy();
  }
}
