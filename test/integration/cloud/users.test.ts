import { ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { type Role, roles } from '@tenantry/core/identity/role';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { Person } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { invitationTokenFor, join } from '../../support/members.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

/** Who belongs to a company: invitations by mail, roles, and leaving. */
let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 120_000);
afterAll(() => test?.close());

const newAddress = () => `${unique('invited')}@example.com`;
const idOf = async (person: Person) => (await person.api('getMe', { bearer: person.accessToken })).id;
const usersOf = async ({ person }: Founder) => (await person.api('listUsers', { bearer: person.accessToken })).users;
const invite = (by: Person, email: string, role: Role) =>
  by.api('inviteUser', { bearer: by.accessToken, body: { email, role } });
const accept = (by: Person, token: string) => by.api('acceptInvitation', { bearer: by.accessToken, body: { token } });
const setRole = (by: Person, userId: string, role: Role) =>
  by.api('changeRole', { bearer: by.accessToken, params: { userId }, body: { role } });
const remove = (by: Person, userId: string) => by.api('removeUser', { bearer: by.accessToken, params: { userId } });
const actionsOf = async ({ person }: Founder) =>
  (await person.api('listAudit', { bearer: person.accessToken })).entries.map(({ action }) => action);
const tenantIdOf = ({ tenantId }: Founder): TenantId => {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
  return tenantId;
};

/** Somebody with an account, by an invitation that was accepted. */
async function joined(founder: Founder, role: Role): Promise<Person> {
  const person = await test.signUp();
  await invite(founder.person, person.email, role);
  await accept(person, await invitationTokenFor(test, person.email));
  await person.refresh();
  return person;
}

describe('an invitation', () => {
  it('leads somebody new from the mail into the company, with the role that was meant', async () => {
    const founder = await test.founder('standard');
    const email = newAddress();
    const invitation = await invite(founder.person, email.toUpperCase(), 'member');
    expect(invitation).toMatchObject({ email, role: 'member' });
    const token = await invitationTokenFor(test, email);

    const person = new Person(test.instance, email);
    await person.signUp();
    const bearer = person.accessToken;
    expect(await person.api('readInvitation', { bearer, body: { token } })).toEqual({
      company: `Shop ${founder.slug}`,
      role: 'member',
      email,
    });
    expect(await accept(person, token)).toEqual({ tenantId: founder.tenantId, role: 'member' });
    await person.refresh();
    expect((await person.api('getTenant', { bearer: person.accessToken })).id).toBe(founder.tenantId);
    expect(await usersOf(founder)).toMatchObject([
      { role: 'owner', email: founder.person.email },
      { role: 'member', email },
    ]);
    expect(await founder.person.api('listInvitations', { bearer: founder.person.accessToken })).toEqual({
      invitations: [],
    });
    expect((await actionsOf(founder)).slice(0, 2)).toEqual(['user.joined', 'user.invited']);
  });

  it('is for the address that it was sent to, whoever has the token', async () => {
    const founder = await test.founder('standard');
    const email = newAddress();
    await invite(founder.person, email, 'owner');
    const token = await invitationTokenFor(test, email);
    const stranger = await test.signUp();
    const read = stranger.api('readInvitation', { bearer: stranger.accessToken, body: { token } });
    expect(await codeOf(read)).toBe('forbidden');
    expect(await codeOf(accept(stranger, token))).toBe('forbidden');
    expect(await usersOf(founder)).toHaveLength(1);
  });

  it('counts once: repeated by the same user it changes nothing, and not after that user was let go', async () => {
    const founder = await test.founder('standard');
    const person = await test.signUp();
    await invite(founder.person, person.email, 'viewer');
    const token = await invitationTokenFor(test, person.email);
    const first = await accept(person, token);
    expect(await accept(person, token)).toEqual(first);
    expect(await usersOf(founder)).toHaveLength(2);
    await remove(founder.person, await idOf(person));
    expect(await codeOf(accept(person, token))).toBe('not_found');
  });

  it('is void once it was taken back, sent again, or its week is over', async () => {
    const founder = await test.founder('standard');
    const bearer = founder.person.accessToken;
    const person = await test.signUp();
    const { id: invitationId } = await invite(founder.person, person.email, 'viewer');
    const first = await invitationTokenFor(test, person.email);
    await founder.person.api('renewInvitation', { bearer, params: { invitationId } });
    const second = await invitationTokenFor(test, person.email);
    expect(second).not.toBe(first);
    expect(await codeOf(accept(person, first))).toBe('not_found');

    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName: tableName(test.cloud, 'Control'),
        Key: controlKeys.invitation(tenantIdOf(founder), invitationId),
        UpdateExpression: 'SET expiresAt = :past',
        ExpressionAttributeValues: { ':past': Math.floor(Date.now() / 1000) - 1 },
      }),
    );
    expect(await codeOf(accept(person, second))).toBe('not_found');

    const again = await invite(founder.person, person.email, 'viewer');
    const third = await invitationTokenFor(test, person.email);
    await founder.person.api('revokeInvitation', { bearer, params: { invitationId: again.id } });
    expect(await codeOf(accept(person, third))).toBe('not_found');
    expect(await usersOf(founder)).toHaveLength(1);
  });

  it('is refused by a token that names it and is not the one that was mailed', async () => {
    const founder = await test.founder('standard');
    const person = await test.signUp();
    await invite(founder.person, person.email, 'admin');
    const token = await invitationTokenFor(test, person.email);
    for (const forged of [
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.slice(0, -1),
      'inv_',
      '{}',
    ]) {
      expect(await codeOf(accept(person, forged))).toBe('not_found');
    }
    const { Items = [] } = await rootClient(test.cloud).send(
      new ScanCommand({ TableName: tableName(test.cloud, 'Control') }),
    );
    expect(JSON.stringify(Items)).not.toContain(token.slice(-43));
  });

  it('is refused beyond the users that the tier has, with those that are invited counted', async () => {
    const founder = await test.founder('standard');
    for (let i = 0; i < 4; i += 1) await invite(founder.person, newAddress(), 'viewer');
    await expect(invite(founder.person, newAddress(), 'viewer')).rejects.toMatchObject({
      status: 403,
      problem: { code: 'limit_reached', limit: { name: 'users', used: 5, allowed: 5 } },
    });
  });

  it('never makes more users than the tier has, however many accept at once', async () => {
    const founder = await test.founder('standard');
    for (let i = 0; i < 2; i += 1) await join(test, await test.signUp(), founder.tenantId, 'viewer');
    const invited = await Promise.all([test.signUp(), test.signUp()]);
    for (const { email } of invited) await invite(founder.person, email, 'viewer');
    // One more came by another way, so that there is room for one of the two.
    await join(test, await test.signUp(), founder.tenantId, 'viewer');
    const tokens = await Promise.all(invited.map(({ email }) => invitationTokenFor(test, email)));
    const outcomes = await Promise.all(
      invited.map((person, i) =>
        accept(person, tokens[i] ?? '').then(
          () => 'joined',
          (error) => error.problem.code,
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['joined', 'limit_reached']);
    expect(await usersOf(founder)).toHaveLength(5);
  });
});

describe('a role', () => {
  it.each(roles)('%s gives what the contract says, from the next request on, with the same token', async (role) => {
    const founder = await test.founder('standard');
    const person = await joined(founder, 'viewer');
    await setRole(founder.person, await idOf(person), role);
    const bearer = person.accessToken;
    const may = async (call: Promise<unknown>) => (await codeOf(call)) !== 'forbidden';
    expect({
      seesUsers: await may(person.api('listUsers', { bearer })),
      invites: await may(invite(person, newAddress(), 'viewer')),
      makesKeys: await may(person.api('createApiKey', { bearer, body: { name: 'k', kind: 'secret' } })),
      makesOwners: await may(invite(person, newAddress(), 'owner')),
    }).toEqual({
      seesUsers: role !== 'viewer',
      invites: role === 'owner' || role === 'admin',
      makesKeys: role === 'owner' || role === 'admin',
      makesOwners: role === 'owner',
    });
    const me = await person.api('getMe', { bearer });
    expect(me.memberships.find(({ tenant }) => tenant.id === founder.tenantId)?.role).toBe(role);
  });

  it('of an owner is for owners alone to give and to take', async () => {
    const founder = await test.founder('standard');
    const admin = await joined(founder, 'admin');
    const [ownerId, adminId] = [await idOf(founder.person), await idOf(admin)];
    expect(await codeOf(setRole(admin, adminId, 'owner'))).toBe('forbidden');
    expect(await codeOf(setRole(admin, ownerId, 'viewer'))).toBe('forbidden');
    expect(await codeOf(remove(admin, ownerId))).toBe('forbidden');
    expect((await usersOf(founder)).map(({ role }) => role)).toEqual(['owner', 'admin']);
  });
});

describe('the last owner', () => {
  it('can neither step down, be let go, nor leave', async () => {
    const founder = await test.founder('standard');
    const ownerId = await idOf(founder.person);
    const bearer = founder.person.accessToken;
    expect(await codeOf(setRole(founder.person, ownerId, 'admin'))).toBe('conflict');
    expect(await codeOf(remove(founder.person, ownerId))).toBe('conflict');
    expect(await codeOf(founder.person.api('leaveTenant', { bearer, query: { confirm: founder.slug } }))).toBe(
      'conflict',
    );
    expect(await usersOf(founder)).toMatchObject([{ role: 'owner' }]);
  });

  it('is there after two owners stepped down at once', async () => {
    const founder = await test.founder('standard');
    const other = await joined(founder, 'owner');
    const ids = [await idOf(founder.person), await idOf(other)];
    const outcomes = await Promise.all(
      [founder.person, other].map((person, i) =>
        setRole(person, ids[i] ?? '', 'viewer').then(
          () => 'stepped down',
          (error) => error.problem.code,
        ),
      ),
    );
    expect(outcomes.sort()).toEqual(['conflict', 'stepped down']);
  });
});

describe('whoever is let go or leaves', () => {
  it('has no access from the very next request on, and does not find the company any more', async () => {
    const founder = await test.founder('standard');
    const [gone, leaver] = [await joined(founder, 'admin'), await joined(founder, 'member')];
    await remove(founder.person, await idOf(gone));
    await leaver.api('leaveTenant', { bearer: leaver.accessToken, query: { confirm: founder.slug } });
    for (const person of [gone, leaver]) {
      expect(await codeOf(person.api('getTenant', { bearer: person.accessToken }))).toBe('forbidden');
      expect((await person.api('getMe', { bearer: person.accessToken })).memberships).toEqual([]);
      await person.refresh();
      expect(await codeOf(person.api('getTenant', { bearer: person.accessToken }))).toBe('no_active_tenant');
    }
    expect((await actionsOf(founder)).slice(0, 2)).toEqual(['user.left', 'user.removed']);
  });

  it('leaves by confirming the right company', async () => {
    const founder = await test.founder('standard');
    const person = await joined(founder, 'member');
    await expect(
      person.api('leaveTenant', { bearer: person.accessToken, query: { confirm: 'another' } }),
    ).rejects.toMatchObject({ status: 400, problem: { errors: [{ field: 'confirm' }] } });
    expect(await usersOf(founder)).toHaveLength(2);
  });
});
