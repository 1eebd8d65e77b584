import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { roleSchema } from '../../contract/schemas.ts';
import { controlKeys } from '../../control/keys.ts';
import { queryAll } from '../../dynamodb/query-all.ts';
import { isTenantId, type TenantId } from '../../ids/id.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import { deletionCommand, putCommand, readItem, unlessChanged } from '../item.ts';
import { collect, inBatches, type Look } from '../look.ts';

const AT_ONCE = 8;

/** The tenant's row of a member, and the user's row of the tenant: registration and invitation write both at once. */
const memberSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  sub: z.string(),
  role: roleSchema,
  joinedAt: z.string(),
});
const membershipSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId), joinedAt: z.string() });

/** Users' rows of tenants that are gone, and pairs of rows of which one is missing. */
export async function checkMemberships(look: Look): Promise<readonly Drift[]> {
  const { control, tenants, cloud } = look;
  const subs = await collect(cloud.users());
  const memberships = await inBatches(subs, AT_ONCE, async (sub) => {
    const rows = await queryAll(control, controlKeys.user(sub).pk, 'TENANT#');
    return rows.map((row) => ({ sub, ...membershipSchema.parse(row) }));
  });
  look.count('membership', memberships.length);
  const withMembers = [...tenants.values()].filter((tenant) => expectedOf(tenant).members === 'all');
  const members = await inBatches(withMembers, AT_ONCE, async ({ tenantId }) => {
    const rows = await queryAll(control, controlKeys.tenant(tenantId).pk, 'MEMBER#');
    return rows.map((row) => ({ tenantId, ...memberSchema.parse(row) }));
  });
  const pair = (sub: string, tenantId: TenantId): string => `${sub} ${tenantId}`;
  const fromTenants = new Set(members.map(({ sub, tenantId }) => pair(sub, tenantId)));
  const fromUsers = new Set(memberships.map(({ sub, tenantId }) => pair(sub, tenantId)));

  const lost = memberships.flatMap(({ sub, tenantId, joinedAt }): readonly Drift[] => {
    const own = controlKeys.membership(sub, tenantId);
    const { members: expected } = expectedOf(tenants.get(tenantId));
    const common = { kind: 'membership', resource: `${own.pk} ${own.sk}`, tenantId } as const;
    const command = deletionCommand(control, own);
    // Not the row of somebody who joined in the meantime.
    const run = () =>
      unlessChanged(
        control.client.send(
          new DeleteCommand({
            TableName: control.name,
            Key: own,
            ConditionExpression: 'joinedAt = :joinedAt',
            ExpressionAttributeValues: { ':joinedAt': joinedAt },
          }),
        ),
      );
    if (expected === 'none') {
      const holds: Drift['holds'] = async (now) =>
        expectedOf(now).members === 'none' && (await readItem(control, own)) !== undefined;
      return [
        { ...common, problem: 'A user belongs to a company that does not exist.', remedy: { command, run }, holds },
      ];
    }
    if (expected !== 'all' || fromTenants.has(pair(sub, tenantId))) return [];
    // It gives no access: the tenant's own row decides. The user only sees a company that refuses it.
    const isMember = async () => {
      const rows = await queryAll(control, controlKeys.tenant(tenantId).pk, 'MEMBER#');
      return rows.some((row) => row.sub === sub);
    };
    const holds: Drift['holds'] = async (now) =>
      expectedOf(now).members === 'all' && (await readItem(control, own)) !== undefined && !(await isMember());
    return [{ ...common, problem: 'A user lists a company that does not know it.', remedy: { command, run }, holds }];
  });

  const unlisted = members
    .filter(({ sub, tenantId }) => !fromUsers.has(pair(sub, tenantId)))
    .map(({ pk, sk, sub, tenantId, role, joinedAt }): Drift => {
      const own = controlKeys.membership(sub, tenantId);
      const Item = { ...own, tenantId, role, joinedAt };
      const run = () =>
        unlessChanged(
          control.client.send(
            new TransactWriteCommand({
              TransactItems: [
                {
                  ConditionCheck: {
                    TableName: control.name,
                    Key: { pk, sk },
                    ConditionExpression: '#sub = :sub AND #role = :role',
                    ExpressionAttributeNames: { '#sub': 'sub', '#role': 'role' },
                    ExpressionAttributeValues: { ':sub': sub, ':role': role },
                  },
                },
                { Put: { TableName: control.name, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
              ],
            }),
          ),
        );
      return {
        kind: 'membership',
        resource: `${pk} ${sk}`,
        tenantId,
        problem: 'A member of the company does not find it among its own.',
        remedy: {
          command: putCommand(control, Item),
          run,
        },
        holds: async (now) =>
          expectedOf(now).members === 'all' &&
          (await readItem(control, { pk, sk })) !== undefined &&
          (await readItem(control, own)) === undefined,
      };
    });
  return [...lost, ...unlisted];
}
