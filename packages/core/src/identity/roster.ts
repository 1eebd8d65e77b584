import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import { DomainError } from '../errors/domain-error.ts';
import { idPattern, type TenantId, type UserId } from '../ids/id.ts';
import { invitationRowSchema, type StoredInvitation } from './invitation-row.ts';

const memberSchema = z.object({
  sk: z.string().transform((sk, context): UserId => {
    const userId = sk.slice('MEMBER#'.length);
    if (!idPattern('user').test(userId)) context.addIssue('is no key of a member');
    return userId as UserId;
  }),
  sub: z.string(),
  email: z.string(),
  role: roleSchema,
  joinedAt: z.string(),
});

export interface Member extends Omit<z.infer<typeof memberSchema>, 'sk'> {
  readonly userId: UserId;
}

/** Who belongs to a company, and who is asked to. */
export interface Roster {
  /** In the order in which they joined. */
  readonly members: readonly Member[];
  /** With those that are over, until they expire. */
  readonly invitations: readonly StoredInvitation[];
  /** Counts the changes, so that none is made on the strength of an older roster. */
  readonly version: number;
  /** How many invitations were mailed on the newest day (UTC) with any. */
  readonly mails: { readonly day: string; readonly count: number };
}

const counterSchema = z.object({ version: z.int(), mailDay: z.string().default(''), mailCount: z.int().default(0) });

/** Those who belong to a company, in the order in which they joined. As many as its tier has users, so all of them at once. */
export async function readMembers(control: Table, tenantId: TenantId): Promise<readonly Member[]> {
  const { pk, sk } = controlKeys.member(tenantId, '');
  return z
    .array(memberSchema)
    .parse(await queryAll(control, pk, sk))
    .map(({ sk: userId, ...member }) => ({ userId, ...member }))
    .sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
}

export async function readRoster(control: Table, tenantId: TenantId): Promise<Roster> {
  // The version comes first: what is changed after it was read is found out by it.
  const rows = await queryAll(control, controlKeys.roster(tenantId).pk);
  const row = rows.find(({ sk }) => sk === controlKeys.roster(tenantId).sk);
  const { version, mailDay, mailCount } = counterSchema.parse(row ?? { version: 0 });
  return {
    version,
    mails: { day: mailDay, count: mailCount },
    invitations: rows
      .filter(({ sk }) => String(sk).startsWith('INVITATION#'))
      .map((row) => invitationRowSchema.parse(row)),
    members: await readMembers(control, tenantId),
  };
}

/** Makes a transaction fail when the roster is not any more what was read. @param mails the new count, where one is sent */
export const rosterItem = (tableName: string, tenantId: TenantId, { version }: Roster, mails?: Roster['mails']) => ({
  Update: {
    TableName: tableName,
    Key: controlKeys.roster(tenantId),
    UpdateExpression: `SET version = :next${mails ? ', mailDay = :day, mailCount = :count' : ''}`,
    ConditionExpression: 'version = :read OR attribute_not_exists(version)',
    ExpressionAttributeValues: {
      ':read': version,
      ':next': version + 1,
      ...(mails ? { ':day': mails.day, ':count': mails.count } : {}),
    },
  },
});

const ATTEMPTS_MAX = 5;
const PAUSE_MS = 40;

/**
 * Makes a change to the roster, again when another came in between, so that two at once can neither leave a company without an owner nor go beyond
 * its tier's limit.
 * @param change checks the roster and writes with `rosterItem` in its transaction
 * @throws {DomainError} what `change` throws, or `conflict`
 */
export async function changeRoster<T>(
  control: Table,
  tenantId: TenantId,
  change: (roster: Roster) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await change(await readRoster(control, tenantId));
    } catch (error) {
      if (!cancellationCodes(error)) throw error;
      if (attempt === ATTEMPTS_MAX) {
        throw new DomainError('conflict', 'The users of the company change at the moment; try again.', {
          cause: error,
        });
      }
      await wait(Math.random() * PAUSE_MS * attempt);
    }
  }
}
