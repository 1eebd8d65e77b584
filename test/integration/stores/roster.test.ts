import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '@tenantry/core/actor/actor';
import { controlKeys } from '@tenantry/core/control/keys';
import type { Table } from '@tenantry/core/control/table';
import { invite } from '@tenantry/core/identity/invitation';
import { changeRole, removeMember } from '@tenantry/core/identity/member-changes';
import type { Role } from '@tenantry/core/identity/role';
import { readRoster } from '@tenantry/core/identity/roster';
import { newId, type UserId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

const at = new Date('2026-11-21T12:00:00.000Z');

async function member(role: Role): Promise<MemberActor> {
  const { tenantId } = tenant;
  const userId = newId('user');
  const sub = `sub-${userId}`;
  const row = { tenantId, role, joinedAt: at.toISOString() };
  await stores.put(
    'Control',
    { ...controlKeys.member(tenantId, userId), ...row, sub, email: `${userId}@example.com` },
    { ...controlKeys.membership(sub, tenantId), ...row },
  );
  return { kind: 'member', sub, userId, tenantId, role, impersonating: false };
}

const tablesOf = (control: Table = stores.table('Control')) => ({
  control,
  auditTable: stores.table('Audit').name,
  users: stores.table('Control'),
});
const rolesNow = async () =>
  (await readRoster(stores.table('Control'), tenant.tenantId)).members.map(({ role }) => role).sort();

/** The table, to somebody who is overtaken: before its first write, another's change happens. */
function overtaken(work: () => Promise<unknown>): Table {
  const { client, name } = stores.table('Control');
  let left = 1;
  const slow = Object.create(client) as DynamoDBDocumentClient;
  slow.send = (async (command: never) => {
    if ((command as object) instanceof TransactWriteCommand && left > 0) {
      left -= 1;
      await work();
    }
    return client.send(command);
  }) as typeof client.send;
  return { client: slow, name };
}

const stepDown = (actor: MemberActor, userId: UserId, control?: Table) =>
  changeRole(tablesOf(control), { userId, role: 'viewer' }, { actor, at });

it('is no admin’s to change where an owner is concerned', async () => {
  const [admin, owner] = [await member('admin'), await member('owner')];
  await member('owner');
  const context = { actor: admin, at };
  const changes: readonly (() => Promise<unknown>)[] = [
    () => changeRole(tablesOf(), { userId: owner.userId, role: 'viewer' }, context),
    () => changeRole(tablesOf(), { userId: admin.userId, role: 'owner' }, context),
    () => removeMember(tablesOf(), owner.userId, context),
    () => invite(tablesOf(), { email: 'eve@example.com', role: 'owner', tier: 'standard' }, context),
  ];
  for (const change of changes) await expect(change()).rejects.toMatchObject({ code: 'forbidden' });
  expect(await rolesNow()).toEqual(['admin', 'owner', 'owner']);
});

it('lets a company send a hundred invitations a day, and no more, whatever is taken back', async () => {
  const owner = await member('owner');
  const send = (when: Date) =>
    invite(tablesOf(), { email: 'ada@example.com', role: 'viewer', tier: 'standard' }, { actor: owner, at: when });
  for (let n = 1; n <= 100; n += 1) await send(at);
  await expect(send(at)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 43_200 });
  await send(new Date(at.getTime() + 43_200_000));
});

describe('a change that another one overtakes', () => {
  it('is made on the strength of the newest roster: two owners who step down at once leave one', async () => {
    const [one, other] = [await member('owner'), await member('owner')];
    const slow = overtaken(() => stepDown(other, other.userId));
    await expect(stepDown(one, one.userId, slow)).rejects.toMatchObject({ code: 'conflict' });
    expect(await rolesNow()).toEqual(['owner', 'viewer']);
  });

  it('is made all the same where nothing speaks against it', async () => {
    const owner = await member('owner');
    const [one, other] = [await member('admin'), await member('member')];
    const slow = overtaken(() => removeMember(tablesOf(), other.userId, { actor: owner, at }));
    expect(await stepDown(owner, one.userId, slow)).toMatchObject({ role: 'viewer' });
    expect(await rolesNow()).toEqual(['owner', 'viewer']);
  });

  it('never invites beyond what the tier has', async () => {
    const owner = await member('owner');
    const inviting = (n: number, control?: Table) =>
      invite(tablesOf(control), { email: `${n}@example.com`, role: 'viewer', tier: 'standard' }, { actor: owner, at });
    for (let n = 1; n <= 3; n += 1) await inviting(n);
    await expect(
      inviting(
        4,
        overtaken(() => inviting(5)),
      ),
    ).rejects.toMatchObject({ code: 'limit_reached' });
    expect((await readRoster(stores.table('Control'), tenant.tenantId)).invitations).toHaveLength(4);
  });
});
