import { controlKeys } from '@tenantry/core/control/keys';
import { invite } from '@tenantry/core/identity/invitation';
import { acceptInvitation } from '@tenantry/core/identity/invitation-acceptance';
import { parseInvitationToken } from '@tenantry/core/identity/invitation-token';
import { removeMember } from '@tenantry/core/identity/member-changes';
import { readMembers } from '@tenantry/core/identity/roster';
import { ensureUser, findUser } from '@tenantry/core/identity/user';
import { newId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { dyingTable } from '../../support/dying-table.ts';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
let tenant: Tenant;
beforeAll(async () => {
  stores = await startStores();
});
beforeEach(async () => {
  tenant = await storedTenant(stores);
});
afterAll(() => stores?.close());

const EMAIL = 'ada@example.com';
const at = new Date();
const control = () => stores.table('Control');
const tables = () => ({ control: control(), auditTable: stores.table('Audit').name, users: control() });
const owner = () =>
  ({
    kind: 'member',
    sub: 'sub-owner',
    userId: newId('user'),
    tenantId: tenant.tenantId,
    role: 'owner',
    impersonating: false,
  }) as const;

/** An invitation that was mailed, and somebody who signed in to accept it. */
async function invited(email: string | undefined = EMAIL) {
  const { token } = await invite(tables(), { email: EMAIL, role: 'admin', tier: 'standard' }, { actor: owner(), at });
  const named = parseInvitationToken(token);
  if (!named) throw new Error('A new token is none.');
  const { sub, userId } = await ensureUser(control(), `sub-${newId('user')}`, EMAIL);
  const actor = { kind: 'user', sub, userId, tenantId: null, operator: false } as const;
  return { named, who: { actor, email, at } };
}

it('wherever accepting breaks off, doing it again makes one user, who finds the company', async () => {
  for (let afterCalls = 0; afterCalls < 8; afterCalls += 1) {
    for (const lastTakesEffect of [false, true]) {
      tenant = await storedTenant(stores);
      const { named, who } = await invited();
      const mortal = await dyingTable(control(), { afterCalls, lastTakesEffect });
      await acceptInvitation({ ...tables(), control: mortal, users: mortal }, named, who).catch(() => undefined);
      mortal.close();
      expect(await acceptInvitation(tables(), named, who)).toEqual({ tenantId: tenant.tenantId, role: 'admin' });
      expect(await readMembers(control(), tenant.tenantId)).toMatchObject([{ email: EMAIL, role: 'admin' }]);
      expect(await findUser(control(), who.actor.sub)).toMatchObject({
        activeTenantId: tenant.tenantId,
        memberships: [{ tenantId: tenant.tenantId, role: 'admin' }],
      });
    }
  }
});

it('opens to nobody whose address is another one, or is not verified', async () => {
  for (const email of ['eve@example.com', '', 'ADA@example.com']) {
    const { named, who } = await invited(email);
    await expect(acceptInvitation(tables(), named, who)).rejects.toMatchObject({ code: 'forbidden' });
  }
  const { named, who } = await invited();
  await expect(acceptInvitation(tables(), named, { ...who, email: undefined })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

it('opens by its own token alone', async () => {
  const { named, who } = await invited();
  const another = { ...named, hash: '0'.repeat(64) };
  await expect(acceptInvitation(tables(), another, who)).rejects.toMatchObject({ code: 'not_found' });
});

it('brings nobody back who was let go', async () => {
  const { named, who } = await invited();
  await acceptInvitation(tables(), named, who);
  await removeMember(tables(), who.actor.userId, { actor: owner(), at });
  await expect(acceptInvitation(tables(), named, who)).rejects.toMatchObject({ code: 'not_found' });
  expect(await readMembers(control(), tenant.tenantId)).toEqual([]);
});

it('is over after its week', async () => {
  const { named, who } = await invited();
  const later = new Date(at.getTime() + 7 * 86_400_000 + 1000);
  await expect(acceptInvitation(tables(), named, { ...who, at: later })).rejects.toMatchObject({ code: 'not_found' });
});

it('leads into no company that is being closed', async () => {
  const { named, who } = await invited();
  await stores.put('Control', { ...controlKeys.tenant(tenant.tenantId), ...tenant, status: 'deactivating' });
  await expect(acceptInvitation(tables(), named, who)).rejects.toMatchObject({ code: 'not_found' });
});
