import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { idPattern, isTenantId, newId, type TenantId, type UserId } from '../ids/id.ts';
import { type Impersonation, parseImpersonation } from '../operator/impersonation.ts';

const profileSchema = z.object({
  sk: z.literal('PROFILE'),
  userId: z.custom<UserId>((value) => typeof value === 'string' && idPattern('user').test(value)),
  email: z.string(),
  activeTenantId: z.custom<TenantId>(isTenantId).optional(),
  trialTenantId: z.string().optional(),
});

const membershipSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  role: roleSchema,
});

export interface User {
  readonly sub: string;
  readonly userId: UserId;
  readonly email: string;
  readonly activeTenantId: TenantId | null;
  /** The company that was given the free days of a first subscription; null while there was none. */
  readonly trialTenantId: string | null;
  readonly memberships: readonly z.infer<typeof membershipSchema>[];
  /** Of an operator: the tenant that it looks at for a while. */
  readonly impersonation: Impersonation | undefined;
}

/** More memberships than this are refused at registration, so that a user fits into one query. */
export const membershipsMax = 50;

/** A user with its memberships, in one query; undefined when it never signed in. */
export async function findUser(control: Table, sub: string, at = new Date()): Promise<User | undefined> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': controlKeys.user(sub).pk },
      ConsistentRead: true,
    }),
  );
  const row = Items.find((item) => item.sk === 'PROFILE');
  if (!row) return undefined;
  const profile = profileSchema.parse(row);
  const memberships = Items.filter((item) => String(item.sk).startsWith('TENANT#')).map((item) =>
    membershipSchema.parse(item),
  );
  const impersonating = Items.find((item) => item.sk === controlKeys.impersonating(sub).sk);
  // A membership that ended must not stay active by an old choice.
  const active = memberships.find((membership) => membership.tenantId === profile.activeTenantId) ?? memberships[0];
  return {
    sub,
    userId: profile.userId,
    email: profile.email,
    activeTenantId: active?.tenantId ?? null,
    trialTenantId: profile.trialTenantId ?? null,
    memberships,
    impersonation: impersonating && parseImpersonation(impersonating, at),
  };
}

/** The user, made at its first sign-in. Two first sign-ins at once end with one user. */
export async function ensureUser(control: Table, sub: string, email: string): Promise<User> {
  const found = await findUser(control, sub);
  if (found) return found;
  const userId = newId('user');
  try {
    await control.client.send(
      new PutCommand({
        TableName: control.name,
        Item: { ...controlKeys.user(sub), userId, email },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return { sub, userId, email, activeTenantId: null, trialTenantId: null, memberships: [], impersonation: undefined };
  } catch (error) {
    const other = isConditionFailure(error) ? await findUser(control, sub) : undefined;
    if (other) return other;
    throw error;
  }
}

/** @throws {DomainError} `not_found` when the user is not a member, without telling whether the tenant exists. */
export async function setActiveTenant(control: Table, sub: string, tenantId: TenantId): Promise<void> {
  const user = await findUser(control, sub);
  if (!user?.memberships.some((membership) => membership.tenantId === tenantId)) {
    throw new DomainError('not_found', 'You are not a member of such a company.', {
      fields: [{ field: 'tenantId', message: 'is not a company of yours' }],
    });
  }
  await control.client.send(
    new UpdateCommand({
      TableName: control.name,
      Key: controlKeys.user(sub),
      UpdateExpression: 'SET activeTenantId = :tenantId',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':tenantId': tenantId },
    }),
  );
}
