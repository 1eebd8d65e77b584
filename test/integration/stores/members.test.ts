import { controlKeys } from '@tenantry/core/control/keys';
import { countLoginsLost, type Logins, listMembers, releaseMember } from '@tenantry/core/deletion/members';
import { changePreferences } from '@tenantry/core/identity/mail-preferences';
import { newId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
/** The company that leaves, and one that stays. */
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  stores = await startStores();
});
beforeEach(async () => {
  tenant = await storedTenant(stores);
  other = await storedTenant(stores);
});
afterAll(() => stores?.close());

const control = () => stores.table('Control');
const tables = () => ({ users: control(), registry: control() });
const joinedAt = '2026-01-01T00:00:00.000Z';
let serial = 0;

/** Somebody with a profile, who is a member of companies; the first of them is the active one. */
async function person(...companies: readonly Tenant[]): Promise<string> {
  serial += 1;
  const sub = `sub-${serial}`;
  const [active] = companies;
  await stores.put('Control', {
    ...controlKeys.user(sub),
    email: `${sub}@example.com`,
    activeTenantId: active?.tenantId,
  });
  for (const { tenantId } of companies) {
    await stores.put(
      'Control',
      { ...controlKeys.membership(sub, tenantId), tenantId, role: 'admin', joinedAt },
      { ...controlKeys.member(tenantId, newId('user')), sub, role: 'admin', joinedAt },
    );
  }
  return sub;
}

/** Logins in memory, and what happens while they are asked. */
function loginsOf(
  subs: readonly string[],
  options: {
    readonly staff?: string;
    readonly whileAsked?: () => Promise<void>;
    readonly whileRemoved?: () => Promise<void>;
  } = {},
): Logins & { readonly left: Set<string> } {
  const left = new Set(subs);
  return {
    left,
    async isStaff(sub) {
      await options.whileAsked?.();
      return sub === options.staff;
    },
    async remove(sub) {
      await options.whileRemoved?.();
      left.delete(sub);
    },
  };
}

async function release(logins: Logins, of = tenant): Promise<void> {
  for (const member of await listMembers(control(), of.tenantId))
    await releaseMember(tables(), logins, of.tenantId, member);
}
const profile = (sub: string) => stores.read('Control', controlKeys.user(sub));
const preferences = (sub: string) => stores.read('Control', controlKeys.mailPreferences(sub));
const membership = (sub: string, { tenantId }: Tenant) => stores.read('Control', controlKeys.membership(sub, tenantId));

describe('when a company is deleted', () => {
  it('whoever belongs to it alone loses profile and login, and nobody else does', async () => {
    const alone = await person(tenant);
    const ofBoth = await person(tenant, other);
    const stranger = await person(other);
    const logins = loginsOf([alone, ofBoth, stranger]);
    const members = await listMembers(control(), tenant.tenantId);
    expect(members.map(({ sub }) => sub).sort()).toEqual([alone, ofBoth].sort());
    expect(await countLoginsLost(control(), logins, tenant.tenantId, members)).toBe(1);

    await release(logins);
    expect(await listMembers(control(), tenant.tenantId)).toEqual([]);
    expect([...logins.left].sort()).toEqual([ofBoth, stranger].sort());
    expect(await Promise.all([profile(alone), membership(alone, tenant), membership(ofBoth, tenant)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await profile(ofBoth)).toBeDefined();
    expect(await membership(ofBoth, other)).toBeDefined();
    expect(await membership(stranger, other)).toBeDefined();
    expect(await listMembers(control(), other.tenantId)).toHaveLength(2);
  });

  it('what a person wanted of mails goes with the login, and cannot be kept for somebody who is gone', async () => {
    const alone = await person(tenant);
    const ofBoth = await person(tenant, other);
    for (const sub of [alone, ofBoth]) await changePreferences(control(), sub, { language: 'ko' });
    await release(loginsOf([alone, ofBoth]));
    expect(await preferences(alone)).toBeUndefined();
    expect(await preferences(ofBoth)).toMatchObject({ language: 'ko' });
    const late = changePreferences(control(), alone, { language: 'en' });
    expect(await late.catch((error: unknown) => error)).toMatchObject({ code: 'unauthenticated' });
    expect(await preferences(alone)).toBeUndefined();
  });

  it('staff of the provider keeps profile and login, and is not counted among those who lose it', async () => {
    const staff = await person(tenant);
    const logins = loginsOf([staff], { staff });
    const members = await listMembers(control(), tenant.tenantId);
    expect(await countLoginsLost(control(), logins, tenant.tenantId, members)).toBe(0);
    await release(logins);
    expect(logins.left).toEqual(new Set([staff]));
    expect(await profile(staff)).toBeDefined();
    expect(await membership(staff, tenant)).toBeUndefined();
  });

  it('whoever registers another company at that moment stays', async () => {
    const founder = await person(tenant);
    const logins = loginsOf([founder], {
      whileAsked: async () => {
        await stores.put(
          'Control',
          { ...controlKeys.user(founder), activeTenantId: other.tenantId },
          { ...controlKeys.membership(founder, other.tenantId), tenantId: other.tenantId, role: 'owner', joinedAt },
        );
      },
    });
    await release(logins);
    expect(logins.left).toEqual(new Set([founder]));
    expect(await profile(founder)).toMatchObject({ activeTenantId: other.tenantId });
    expect(await membership(founder, other)).toBeDefined();
  });

  it('a profile without an active company goes, unless it got one at that moment', async () => {
    const idle = await person();
    const sub = idle;
    await stores.put('Control', {
      ...controlKeys.member(tenant.tenantId, newId('user')),
      sub,
      role: 'viewer',
      joinedAt,
    });
    const meanwhile = loginsOf([sub], {
      whileAsked: () => stores.put('Control', { ...controlKeys.user(sub), activeTenantId: other.tenantId }),
    });
    await release(meanwhile);
    expect(meanwhile.left).toEqual(new Set([sub]));
    expect(await profile(sub)).toBeDefined();
    await stores.put('Control', controlKeys.user(sub), {
      ...controlKeys.member(tenant.tenantId, newId('user')),
      sub,
      role: 'viewer',
      joinedAt,
    });
    const logins = loginsOf([sub]);
    await release(logins);
    expect(logins.left.size).toBe(0);
    expect(await profile(sub)).toBeUndefined();
  });

  it('a profile that a last sign-in made again goes, too', async () => {
    const alone = await person(tenant);
    await release(
      loginsOf([alone], { whileRemoved: () => stores.put('Control', { ...controlKeys.user(alone), email: 'again' }) }),
    );
    expect(await profile(alone)).toBeUndefined();
  });

  it('a member whose login could not be removed is found again by the next try', async () => {
    const alone = await person(tenant);
    const failing = loginsOf([alone], {
      whileRemoved: async () => {
        throw new Error('The user pool is busy');
      },
    });
    await expect(release(failing)).rejects.toThrow('busy');
    expect(await listMembers(control(), tenant.tenantId)).toHaveLength(1);
    const logins = loginsOf([alone]);
    await release(logins);
    expect(logins.left.size).toBe(0);
    expect(await listMembers(control(), tenant.tenantId)).toEqual([]);
  });
});

it('members are listed to the last page, and nothing else of the company', async () => {
  const padding = 'x'.repeat(300_000);
  const subs = Array.from({ length: 5 }, (_, i) => `padded-${i}`);
  for (const sub of subs) {
    await stores.put('Control', {
      ...controlKeys.member(tenant.tenantId, newId('user')),
      sub,
      role: 'viewer',
      padding,
    });
  }
  await stores.put('Control', { ...controlKeys.subscription(tenant.tenantId), sub: 'no-member' });
  expect((await listMembers(control(), tenant.tenantId)).map(({ sub }) => sub).sort()).toEqual(subs);
});
