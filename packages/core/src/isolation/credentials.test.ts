import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { createCredentialVendor, TenantForgottenError } from './credentials.ts';
import { type StsAnswer, type StsServer, startStsServer } from './testing/sts-server.ts';

const HOUR_MS = 3_600_000;

let sts: StsServer;
let failing = false;
let lifeMs = HOUR_MS;
/** While set, STS answers nothing. */
let held: { readonly release: () => void; readonly released: Promise<void> } | undefined;
const clock = { at: 0 };

const hold = () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  held = { release, released };
  return held;
};

beforeEach(async () => {
  failing = false;
  lifeMs = HOUR_MS;
  held = undefined;
  clock.at = Date.parse('2026-11-20T12:00:00Z');
  sts = await startStsServer(async (): Promise<StsAnswer> => {
    await held?.released;
    return failing ? 'AccessDenied' : { expiresAt: clock.at + lifeMs };
  });
});
afterEach(() => sts.close());

const vendor = () =>
  createCredentialVendor({
    sts: sts.client,
    roleArns: {
      'tenant-data': 'arn:aws:iam::000000000000:role/tenant-data',
      'tenant-serving': 'arn:aws:iam::000000000000:role/tenant-serving',
    },
    now: () => clock.at,
  });
const [a, b] = [newId('tenant'), newId('tenant')];
const ofA = { tenantId: a, requestId: 'r' };
const ofB = { tenantId: b, requestId: 'r' };

it('asks STS once for requests that come together, with the tenant as session tag and both in the session’s name', async () => {
  const { credentialsFor, statistics } = vendor();
  const given = await Promise.all(
    Array.from({ length: 20 }, () => credentialsFor('tenant-data', { tenantId: a, requestId: 'request-1' })),
  );
  expect(new Set(given.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  expect(sts.calls).toHaveLength(1);
  expect(sts.calls[0]?.tags).toEqual({ TenantId: a });
  expect(sts.calls[0]?.parameters).toMatchObject({
    RoleSessionName: `${a}.request-1`,
    SourceIdentity: `${a}.request-1`,
  });
  expect(statistics()).toEqual({ hits: 19, misses: 1, evictions: 0, size: 1 });
});

it('never gives one tenant the credentials of another', async () => {
  const { credentialsFor } = vendor();
  const given = await Promise.all([credentialsFor('tenant-data', ofA), credentialsFor('tenant-data', ofB)]);
  expect(new Set(given.map(({ accessKeyId }) => accessKeyId)).size).toBe(2);
  expect(sts.calls.map(({ tags }) => tags.TenantId).sort()).toEqual([a, b].sort());
});

it('tags a session with the tier, and gives credentials of one tier to no other', async () => {
  const { credentialsFor } = vendor();
  const before = await credentialsFor('tenant-data', { ...ofA, tier: 'standard' });
  const after = await credentialsFor('tenant-data', { ...ofA, tier: 'premium' });
  expect(after.accessKeyId).not.toBe(before.accessKeyId);
  expect(sts.calls.map(({ tags }) => tags)).toEqual([
    { TenantId: a, Tier: 'standard' },
    { TenantId: a, Tier: 'premium' },
  ]);
});

it('renews shortly before the credentials expire, once for all who wait', async () => {
  const { credentialsFor } = vendor();
  await credentialsFor('tenant-data', ofA);
  clock.at += HOUR_MS - 360_000;
  await credentialsFor('tenant-data', ofA);
  expect(sts.calls).toHaveLength(1);
  clock.at += 120_000;
  await Promise.all([credentialsFor('tenant-data', ofA), credentialsFor('tenant-data', ofA)]);
  expect(sts.calls).toHaveLength(2);
});

it('keeps no failure: the next request asks again', async () => {
  const { credentialsFor } = vendor();
  failing = true;
  await expect(credentialsFor('tenant-data', ofA)).rejects.toThrow('Not this role.');
  failing = false;
  await expect(credentialsFor('tenant-data', ofA)).resolves.toMatchObject({ secretAccessKey: 's' });
});

it('refuses a profile that the function does not have, without asking', async () => {
  const { credentialsFor, statistics } = vendor();
  await expect(credentialsFor('tenant-training', ofA)).rejects.toThrow(/tenant-training/);
  expect(sts.calls).toHaveLength(0);
  expect(statistics()).toEqual({ hits: 0, misses: 0, evictions: 0, size: 0 });
});

it('keeps a bounded number of credentials, and those that were used last', async () => {
  const { credentialsFor, statistics } = vendor();
  await credentialsFor('tenant-data', ofA);
  await credentialsFor('tenant-data', ofB);
  for (let others = 0; others < 499; others++) {
    await credentialsFor('tenant-data', ofA);
    await credentialsFor('tenant-data', { tenantId: newId('tenant'), requestId: 'r' });
  }
  expect(statistics()).toMatchObject({ misses: 501, evictions: 1, size: 500 });
  await credentialsFor('tenant-data', ofA);
  expect(sts.calls).toHaveLength(501);
  await credentialsFor('tenant-data', ofB);
  expect(sts.calls).toHaveLength(502);
});

it('forgets a tenant under every profile and tier, and no other tenant', async () => {
  const { credentialsFor, forget, statistics } = vendor();
  const askAll = () =>
    Promise.all([
      credentialsFor('tenant-data', ofA),
      credentialsFor('tenant-data', { ...ofA, tier: 'premium' }),
      credentialsFor('tenant-serving', ofA),
      credentialsFor('tenant-data', ofB),
    ]);
  await askAll();
  forget(a);
  expect(statistics().size).toBe(1);
  await askAll();
  expect(sts.calls.slice(4).map(({ tags }) => tags.TenantId)).toEqual([a, a, a]);
});

it('refuses whoever still waits for credentials of a tenant that is forgotten, and does not keep what STS answers', async () => {
  const { credentialsFor, forget, statistics } = vendor();
  const { release } = hold();
  const waiting = [credentialsFor('tenant-data', ofA), credentialsFor('tenant-data', ofA)];
  const other = credentialsFor('tenant-data', ofB);
  forget(a);
  const later = credentialsFor('tenant-data', ofA);
  for (const refused of waiting) await expect(refused).rejects.toThrow(TenantForgottenError);
  const latest = credentialsFor('tenant-data', ofA);
  release();
  await expect(other).resolves.toBeDefined();
  const { accessKeyId } = await later;
  expect(await latest).toMatchObject({ accessKeyId });
  expect(await credentialsFor('tenant-data', ofA)).toMatchObject({ accessKeyId });
  expect(statistics()).toMatchObject({ misses: 3, size: 2 });
});

it('gives out no credentials that have expired when they come', async () => {
  const { credentialsFor, statistics } = vendor();
  lifeMs = 0;
  await expect(credentialsFor('tenant-data', ofA)).rejects.toThrow(/expired/);
  expect(statistics().size).toBe(0);
});
