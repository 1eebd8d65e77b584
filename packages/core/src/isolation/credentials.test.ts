import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { createCredentialVendor } from './credentials.ts';

/** What STS answers on the wire, with a life and a failure that a test sets. */
let server: Server;
let calls: URLSearchParams[] = [];
let lifeSeconds = 3600;
let failing = false;
let sts: STSClient;
const clock = { at: Date.parse('2026-11-20T12:00:00Z') };

beforeEach(async () => {
  calls = [];
  lifeSeconds = 3600;
  failing = false;
  clock.at = Date.now();
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push(new URLSearchParams(body));
    if (failing) {
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>');
      return;
    }
    const expiration = new Date(clock.at + lifeSeconds * 1000).toISOString();
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${calls.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sts = new STSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  sts.destroy();
  server.close();
});

const vendor = () =>
  createCredentialVendor({
    sts,
    roleArns: { 'tenant-data': 'arn:aws:iam::000000000000:role/tenant-data' },
    now: () => clock.at,
  });
const [a, b] = [newId('tenant'), newId('tenant')];

it('asks STS once for requests that come together, with the tenant as session tag and both in the session’s name', async () => {
  const { credentialsFor } = vendor();
  const given = await Promise.all(
    Array.from({ length: 20 }, () => credentialsFor('tenant-data', { tenantId: a, requestId: 'request-1' })),
  );
  expect(new Set(given.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  expect(calls).toHaveLength(1);
  expect(Object.fromEntries(calls[0] ?? [])).toMatchObject({
    'Tags.member.1.Key': 'TenantId',
    'Tags.member.1.Value': a,
    RoleSessionName: `${a}.request-1`,
    SourceIdentity: `${a}.request-1`,
  });
});

it('never gives one tenant the credentials of another', async () => {
  const { credentialsFor } = vendor();
  const [ofA, ofB] = await Promise.all([
    credentialsFor('tenant-data', { tenantId: a, requestId: 'r' }),
    credentialsFor('tenant-data', { tenantId: b, requestId: 'r' }),
  ]);
  expect(ofA.accessKeyId).not.toBe(ofB.accessKeyId);
  expect(calls.map((call) => call.get('Tags.member.1.Value')).sort()).toEqual([a, b].sort());
});

it('renews shortly before the credentials expire, once for all who wait', async () => {
  const { credentialsFor } = vendor();
  await credentialsFor('tenant-data', { tenantId: a, requestId: 'r' });
  clock.at += (3600 - 360) * 1000;
  await credentialsFor('tenant-data', { tenantId: a, requestId: 'r' });
  expect(calls).toHaveLength(1);
  clock.at += 120_000;
  await Promise.all([
    credentialsFor('tenant-data', { tenantId: a, requestId: 'r' }),
    credentialsFor('tenant-data', { tenantId: a, requestId: 'r' }),
  ]);
  expect(calls).toHaveLength(2);
});

it('keeps no failure: the next request asks again', async () => {
  const { credentialsFor } = vendor();
  failing = true;
  await expect(credentialsFor('tenant-data', { tenantId: a, requestId: 'r' })).rejects.toThrow();
  failing = false;
  await expect(credentialsFor('tenant-data', { tenantId: a, requestId: 'r' })).resolves.toMatchObject({
    secretAccessKey: 's',
  });
});

it('refuses a profile that the function does not have, without asking', async () => {
  await expect(vendor().credentialsFor('tenant-training', { tenantId: a, requestId: 'r' })).rejects.toThrow(
    /tenant-training/,
  );
  expect(calls).toHaveLength(0);
});

it('keeps a bounded number of tenants', async () => {
  const { credentialsFor } = vendor();
  await credentialsFor('tenant-data', { tenantId: a, requestId: 'r' });
  for (let tenant = 0; tenant < 501; tenant++)
    await credentialsFor('tenant-data', { tenantId: newId('tenant'), requestId: 'r' });
  await credentialsFor('tenant-data', { tenantId: a, requestId: 'r' });
  expect(calls).toHaveLength(503);
});
