import { activateTenant } from '@tenantry/core/provisioning/lifecycle';
import { endStep, readOnboarding, startStep } from '@tenantry/core/provisioning/timeline';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const at = new Date('2026-03-01T12:00:00.000Z');
const finishOf = async (tenant: Tenant) => {
  const present = await loadTenant(stores.table('Control'), tenant.tenantId);
  return (await readOnboarding(stores.table('Control'), present)).find(({ step }) => step === 'finish');
};

describe('the last step of an onboarding', () => {
  it('is never seen running beside a company that is active, though its end is written after', async () => {
    const tenant = await storedTenant(stores, { status: 'provisioning', run: 1 });
    const { tenantId, run } = tenant;
    const finish = { tenantId, journey: 'onboarding', run, step: 'finish', at } as const;
    await startStep(stores.table('Control'), finish);
    expect(await finishOf(tenant)).toMatchObject({ outcome: 'running', endedAt: null });
    await activateTenant(stores.tenants, tenantId, at);
    const ended = { outcome: 'succeeded', endedAt: at.toISOString(), reason: null };
    expect(await finishOf(tenant)).toMatchObject(ended);
    await endStep(stores.table('Control'), finish, { outcome: 'succeeded' });
    expect(await finishOf(tenant)).toMatchObject(ended);
  });
});
