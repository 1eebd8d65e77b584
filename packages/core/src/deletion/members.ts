import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

const memberSchema = z.object({ sk: z.string(), sub: z.string() });
export type Member = z.infer<typeof memberSchema>;

/** Where people's logins are. */
export interface Logins {
  /** Staff of the provider keeps its logins, whatever companies it was a member of. */
  isStaff(sub: string): Promise<boolean>;
  /** Nothing happens when there is no such login. */
  remove(sub: string): Promise<void>;
}

export async function listMembers(registry: Table, tenantId: TenantId): Promise<readonly Member[]> {
  const members: Member[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await registry.client.send(
      new QueryCommand({
        TableName: registry.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :member)',
        ExpressionAttributeValues: { ':pk': controlKeys.tenant(tenantId).pk, ':member': 'MEMBER#' },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    members.push(...z.array(memberSchema).parse(Items));
    from = LastEvaluatedKey;
  } while (from);
  return members;
}

interface UserRows {
  readonly activeTenantId: string | undefined;
  readonly belongsElsewhere: boolean;
}

async function readUser(users: Table, sub: string, tenantId: TenantId): Promise<UserRows> {
  const { Items = [] } = await users.client.send(
    new QueryCommand({
      TableName: users.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': controlKeys.user(sub).pk },
      ConsistentRead: true,
    }),
  );
  const own = controlKeys.membership(sub, tenantId).sk;
  const profile = Items.find(({ sk }) => sk === controlKeys.user(sub).sk);
  return {
    activeTenantId: profile?.activeTenantId,
    belongsElsewhere: Items.some(({ sk }) => String(sk).startsWith('TENANT#') && sk !== own),
  };
}

/** How many members lose their login with the tenant: they belong to no other, and are not of the staff. */
export async function countLoginsLost(
  users: Table,
  logins: Logins,
  tenantId: TenantId,
  members: readonly Member[],
): Promise<number> {
  let lost = 0;
  for (const { sub } of members) {
    const { belongsElsewhere } = await readUser(users, sub, tenantId);
    if (!belongsElsewhere && !(await logins.isStaff(sub))) lost += 1;
  }
  return lost;
}

/**
 * Lets a member go: its membership and, when it has no other, its profile and its login. The tenant's own row of the member goes last, so that
 * whoever repeats this finds it again until all is done.
 * @param tables.users reaches rows of users, `registry` those of the tenant
 */
export async function releaseMember(
  tables: { readonly users: Table; readonly registry: Table },
  logins: Logins,
  tenantId: TenantId,
  { sub, sk }: Member,
): Promise<void> {
  const { users, registry } = tables;
  const remove = (table: Table, Key: { pk: string; sk: string }) =>
    table.client.send(new DeleteCommand({ TableName: table.name, Key }));
  await remove(users, controlKeys.membership(sub, tenantId));
  const user = await readUser(users, sub, tenantId);
  if (!user.belongsElsewhere && !(await logins.isStaff(sub)) && (await removeProfile(users, sub, user))) {
    await logins.remove(sub);
    // A sign-in between the two made the profile again; now there is nobody left to sign in.
    await remove(users, controlKeys.user(sub));
    await remove(users, controlKeys.mailPreferences(sub));
  }
  await remove(registry, { pk: controlKeys.tenant(tenantId).pk, sk });
}

/**
 * Deletes a profile without memberships. Registering a company makes it the active one in the same transaction, so that the profile of a user who
 * has registered another company since it was read stays.
 * @returns false when it stays
 */
async function removeProfile(users: Table, sub: string, { activeTenantId }: UserRows): Promise<boolean> {
  try {
    await users.client.send(
      new DeleteCommand({
        TableName: users.name,
        Key: controlKeys.user(sub),
        ConditionExpression: activeTenantId ? 'activeTenantId = :active' : 'attribute_not_exists(activeTenantId)',
        ...(activeTenantId ? { ExpressionAttributeValues: { ':active': activeTenantId } } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    return false;
  }
}
