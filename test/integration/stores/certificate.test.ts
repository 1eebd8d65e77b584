import { createHash } from 'node:crypto';
import { completeDeletion, readCertificate, saveFound } from '@tenantry/core/deletion/certificate';
import { certificateSchema, type Found } from '@tenantry/core/deletion/certificate-schema';
import { noData } from '@tenantry/core/deletion/data-counts';
import { deleteTenantNow, isDeactivating, makeFinal } from '@tenantry/core/deletion/deactivation';
import { newId } from '@tenantry/core/ids/id';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const actor = { kind: 'system', name: 'test' } as const;
const at = new Date('2026-03-01T12:00:00.000Z');
const counted = new Date('2026-03-01T12:05:00.000Z');
const done = new Date('2026-03-01T12:10:00.000Z');
const found: Found = {
  ...noData,
  events: 48,
  shoppers: 12,
  archiveFiles: 3,
  members: 2,
  logins: 1,
  silos: 1,
  subscriptions: 1,
};

const tables = () => ({ ...stores.tenants, slugs: stores.table('Control') });
const control = () => stores.table('Control');
const key = ({ tenantId }: Tenant, sk: string) => ({ pk: `TENANT#${tenantId}`, sk });
const slugRow = ({ slug }: Tenant) => stores.read('Control', { pk: `SLUG#${slug}`, sk: 'SLUG' });

/** A company whose deletion is final. */
async function final(more: Partial<Tenant> = {}) {
  const tenant = await storedTenant(stores, more);
  const leaving = await deleteTenantNow(stores.tenants, tenant, { actor, at, reason: 'asked' });
  await makeFinal(stores.tenants, leaving, at);
  const now = await loadTenant(control(), tenant.tenantId);
  if (!isDeactivating(now)) throw new Error(`The company is ${now.status}.`);
  return now;
}

/** JSON with sorted keys, written down for this test alone. */
const canonical = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? `{${Object.keys(value)
        .sort()
        .map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`)
        .join(',')}}`
    : JSON.stringify(value);

it('the certificate says what was counted first, and its hash is of all that it says', async () => {
  const tenant = await final();
  await saveFound(control(), tenant.tenantId, found, counted);
  await saveFound(control(), tenant.tenantId, { ...noData, members: 0, logins: 0, silos: 0, subscriptions: 0 }, done);
  const certificate = await completeDeletion(tables(), tenant, done);
  const { sha256, ...statement } = certificate;
  expect(statement).toEqual({
    tenantId: tenant.tenantId,
    requestedAt: at.toISOString(),
    countedAt: counted.toISOString(),
    completedAt: done.toISOString(),
    deleted: found,
    remaining: 0,
    kept: ['financeMonths'],
  });
  expect(sha256).toBe(createHash('sha256').update(canonical(statement)).digest('hex'));
  expect(await readCertificate(control(), tenant.tenantId)).toEqual(certificate);
  expect(certificateSchema.parse(certificate)).toEqual(certificate);
  const audit = (await stores.rows('Audit')).filter(
    ({ action, pk }) => action === 'tenant.deleted' && pk === key(tenant, '').pk,
  );
  expect(audit).toMatchObject([{ details: { sha256 } }]);
});

it('nothing is left of the company but its id, its times, its tier and that it was deleted', async () => {
  const since = at.toISOString();
  const tenant = await final({
    tier: 'premium',
    isolation: 'silo',
    suspension: { changeId: newId('change'), wanted: 'suspended', reason: 'unpaid since March', since },
    siloEndpoint: { address: '10.0.0.1', port: 443, tls: true, host: 'silo.example.com' },
    siloAccessToken: 'secret of the silo',
    siloVersion: 'local',
    rollout: { pinned: 'local' },
    tierChanges: 1,
    onboardedTo: 'pool',
  });
  await saveFound(control(), tenant.tenantId, found, counted);
  await completeDeletion(tables(), tenant, done);
  expect(await stores.read('Control', key(tenant, 'META'))).toEqual({
    ...key(tenant, 'META'),
    tenantId: tenant.tenantId,
    status: 'deleted',
    gsi1pk: 'STATUS#deleted',
    gsi1sk: tenant.createdAt,
    createdAt: tenant.createdAt,
    changedAt: done.toISOString(),
    tier: 'premium',
    isolation: 'silo',
    run: 1,
    name: 'Deleted company',
    slug: '',
    createdBy: '',
  });
});

it('the slug is free once the deletion is complete, and not before', async () => {
  const tenant = await final();
  expect(await slugRow(tenant)).toBeDefined();
  await expect(completeDeletion(tables(), tenant, done)).rejects.toThrow('Nothing was counted');
  await saveFound(control(), tenant.tenantId, found, counted);
  expect(await slugRow(tenant)).toBeDefined();
  await completeDeletion(tables(), tenant, done);
  expect(await slugRow(tenant)).toBeUndefined();
});

it('a slug that went to somebody else meanwhile stays theirs', async () => {
  const tenant = await final();
  const theirs = {
    pk: `SLUG#${tenant.slug}`,
    sk: 'SLUG',
    gsi1pk: 'SLUGS',
    gsi1sk: tenant.slug,
    tenantId: newId('tenant'),
  };
  await stores.put('Control', theirs);
  await saveFound(control(), tenant.tenantId, found, counted);
  await completeDeletion(tables(), tenant, done);
  expect(await slugRow(tenant)).toEqual(theirs);
});

it('a deletion that a newer one replaced issues nothing, and the newer one issues the certificate once', async () => {
  const stale = await final();
  await saveFound(control(), stale.tenantId, found, counted);
  const anew = await deleteTenantNow(stores.tenants, stale, { actor, at: counted, reason: 'again' });
  await expect(completeDeletion(tables(), stale, done)).rejects.toMatchObject({ code: 'conflict' });
  await expect(readCertificate(control(), stale.tenantId)).rejects.toMatchObject({ code: 'not_found' });
  expect((await loadTenant(control(), stale.tenantId)).status).toBe('deactivating');

  const issued = await completeDeletion(tables(), anew, done);
  await expect(completeDeletion(tables(), anew, new Date(done.getTime() + 1))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await readCertificate(control(), stale.tenantId)).toEqual(issued);
});

it('a certificate that was issued is never issued anew', async () => {
  const tenant = await final();
  await saveFound(control(), tenant.tenantId, found, counted);
  const before = await stores.read('Control', key(tenant, 'META'));
  const issued = await completeDeletion(tables(), tenant, done);
  await stores.put('Control', { ...before });
  await expect(completeDeletion(tables(), tenant, new Date(done.getTime() + 1))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await readCertificate(control(), tenant.tenantId)).toEqual(issued);
});

it('a company that came back gets no certificate', async () => {
  const tenant = await final();
  await saveFound(control(), tenant.tenantId, found, counted);
  const { deactivation: _, ...active } = { ...tenant, status: 'active' };
  await stores.put('Control', { ...key(tenant, 'META'), gsi1pk: 'STATUS#active', gsi1sk: tenant.createdAt, ...active });
  await expect(completeDeletion(tables(), tenant, done)).rejects.toMatchObject({ code: 'conflict' });
  await expect(readCertificate(control(), tenant.tenantId)).rejects.toMatchObject({ code: 'not_found' });
});

it('there is no certificate before there was a count, nor after the count alone', async () => {
  const tenant = await final();
  await expect(readCertificate(control(), tenant.tenantId)).rejects.toMatchObject({ code: 'not_found' });
  await saveFound(control(), tenant.tenantId, found, counted);
  await expect(readCertificate(control(), tenant.tenantId)).rejects.toMatchObject({ code: 'not_found' });
});
