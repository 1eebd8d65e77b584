import { createApiKey } from '@tenantry/core/apikey/api-key';
import { authorizeApiKey } from '@tenantry/core/apikey/authorize';
import { KeyUse, lastUses } from '@tenantry/core/apikey/key-use';
import { newId } from '@tenantry/core/ids/id';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const control = () => stores.table('Control');
const MINUTE_MS = 60_000;

describe('when a key was used last', () => {
  it('is known to a quarter of an hour, whichever process says so last', async () => {
    const [tenantId, other] = [newId('tenant'), newId('tenant')];
    const [used, never] = [newId('apiKey'), newId('apiKey')];
    let now = Date.parse('2026-03-10T12:00:00.000Z');
    const [one, another] = [new KeyUse(() => now), new KeyUse(() => now - MINUTE_MS)];
    await one.note(control(), tenantId, used);
    const first = new Date(now).toISOString();
    expect([...(await lastUses(control(), tenantId))]).toEqual([[used, first]]);
    now += 14 * MINUTE_MS;
    await one.note(control(), tenantId, used);
    expect((await lastUses(control(), tenantId)).get(used)).toBe(first);
    now += MINUTE_MS;
    await one.note(control(), tenantId, used);
    await another.note(control(), tenantId, used);
    expect((await lastUses(control(), tenantId)).get(used)).toBe(new Date(now).toISOString());
    expect((await lastUses(control(), tenantId)).has(never)).toBe(false);
    expect((await lastUses(control(), other)).size).toBe(0);
  });
});

describe('a key with an end', () => {
  it('works until then and not a moment longer', async () => {
    const { tenantId } = await storedTenant(stores);
    const actor = {
      kind: 'member',
      sub: 's',
      userId: newId('user'),
      tenantId,
      role: 'owner',
      impersonating: false,
    } as const;
    const at = new Date('2026-03-10T12:00:00.000Z');
    const request = { name: 'Trial', kind: 'secret', tier: 'standard', validDays: 7 } as const;
    const tables = { control: control(), auditTable: 'Audit' };
    const { apiKey, secret } = await createApiKey(tables, request, { actor, at });
    expect(apiKey.validUntil).toBe('2026-03-17T12:00:00.000Z');
    const known = async (time: string) =>
      (await authorizeApiKey({ Control: control(), Usage: stores.table('Usage') }, secret, new Date(time)))?.apiKey
        .keyId;
    expect(await known('2026-03-17T11:59:59.999Z')).toBe(apiKey.keyId);
    expect(await known('2026-03-17T12:00:00.000Z')).toBeUndefined();
  });
});
