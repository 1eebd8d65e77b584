import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { newId } from '@tenantry/core/ids/id';
import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import { type StsServer, startStsServer } from '@tenantry/core/isolation/testing/sts-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLogContext } from '../logging.ts';
import { createClientCache } from './client-cache.ts';

let sts: StsServer;

beforeEach(async () => {
  sts = await startStsServer(() => ({ expiresAt: Date.now() + 3_600_000 }));
});
afterEach(() => sts.close());

/** The cache as functions have it, and the access key that a client would sign with. */
function start() {
  const roleArns = { 'tenant-data': 'arn:aws:iam::000000000000:role/tenant-data' };
  const vendor = createCredentialVendor({ sts: sts.client, roleArns });
  const clients = createClientCache(
    vendor,
    (credentials) => new DynamoDBClient({ region: 'us-east-1', credentials, endpoint: 'http://127.0.0.1:1' }),
  );
  const keyOf = async (client: DynamoDBClient) => (await client.config.credentials()).accessKeyId;
  return { vendor, clients, keyOf };
}
const [a, b] = [newId('tenant'), newId('tenant')];
const scopeOf = (tenantId: typeof a, tier = 'standard') => ({ tenantId, requestId: 'r', tier });

it('gives a tenant its client again, and another tenant or tier another client with other credentials', async () => {
  const { clients, keyOf } = start();
  const client = clients.clientFor('tenant-data', scopeOf(a));
  const others = [scopeOf(b), scopeOf(a, 'premium')].map((scope) => clients.clientFor('tenant-data', scope));
  expect(clients.clientFor('tenant-data', scopeOf(a))).toBe(client);
  const keys = await Promise.all([client, ...others].map(keyOf));
  expect(new Set(keys).size).toBe(3);
  expect(sts.calls.map(({ tags }) => tags)).toEqual([
    { TenantId: a, Tier: 'standard' },
    { TenantId: b, Tier: 'standard' },
    { TenantId: a, Tier: 'premium' },
  ]);
});

it('asks STS once for all requests of a tenant', async () => {
  const { clients, keyOf } = start();
  for (let request = 0; request < 20; request++) await keyOf(clients.clientFor('tenant-data', scopeOf(a)));
  expect(sts.calls).toHaveLength(1);
});

it('serves a forgotten tenant by a new client with new credentials, and every other tenant as before', async () => {
  const { vendor, clients, keyOf } = start();
  const before = await keyOf(clients.clientFor('tenant-data', scopeOf(a)));
  const other = clients.clientFor('tenant-data', scopeOf(b));
  vendor.forget(a);
  clients.forget(a);
  expect(await keyOf(clients.clientFor('tenant-data', scopeOf(a)))).not.toBe(before);
  expect(clients.clientFor('tenant-data', scopeOf(b))).toBe(other);
});

it('names the request of the moment when credentials are renewed, not the one that made the client', async () => {
  const { vendor } = start();
  const providers = createClientCache(vendor, (credentials) => credentials);
  const ask = providers.clientFor('tenant-data', scopeOf(a));
  await withLogContext({ requestId: 'first' }, ask);
  vendor.forget(a);
  await withLogContext({ requestId: 'second' }, ask);
  const sessions = sts.calls.map(({ parameters }) => parameters.RoleSessionName);
  expect(sessions).toEqual([`${a}.first`, `${a}.second`]);
});

it('keeps a bounded number of clients, and those that were used last', () => {
  const { clients } = start();
  const used = clients.clientFor('tenant-data', scopeOf(a));
  const idle = clients.clientFor('tenant-data', scopeOf(b));
  for (let others = 0; others < 499; others++) {
    clients.clientFor('tenant-data', scopeOf(a));
    clients.clientFor('tenant-data', scopeOf(newId('tenant')));
  }
  expect(clients.clientFor('tenant-data', scopeOf(a))).toBe(used);
  expect(clients.clientFor('tenant-data', scopeOf(b))).not.toBe(idle);
});
