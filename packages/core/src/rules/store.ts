import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { type Rule, rulesSchema } from './rule.ts';

export const rulesKey = (tenantId: TenantId) => ({ pk: `${tenantId}#RULES`, sk: 'RULES' });

const rowSchema = z.object({ version: z.int(), rules: rulesSchema });
/** All rules of a company; each change makes the next version. */
export interface RuleSet {
  readonly version: number;
  readonly rules: readonly Rule[];
}

export const noRules: RuleSet = { version: 0, rules: [] };

/** @throws {z.ZodError} when the row is none of ours */
export const parseRulesRow = (row: unknown): RuleSet => rowSchema.parse(row);

export async function findRules(table: Table, tenantId: TenantId): Promise<RuleSet> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: rulesKey(tenantId), ConsistentRead: true }),
  );
  return Item ? parseRulesRow(Item) : noRules;
}

/**
 * Puts rules in the place of all that there are, together with its audit entry.
 * @param change.version of the rules that were read before
 * @throws {DomainError} `conflict` when somebody else changed them since
 */
export async function replaceRules(
  tables: { readonly catalogue: Table; readonly auditTable: string },
  change: RuleSet,
  { actor, at }: { readonly actor: MemberActor; readonly at: Date },
): Promise<RuleSet> {
  const next = { version: change.version + 1, rules: change.rules };
  try {
    await tables.catalogue.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.catalogue.name,
              Item: { ...rulesKey(actor.tenantId), ...next },
              ...(change.version === 0
                ? { ConditionExpression: 'attribute_not_exists(pk)' }
                : { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': change.version } }),
            },
          },
          auditItem(tables.auditTable, {
            tenantId: actor.tenantId,
            actor,
            action: 'rules.changed',
            details: { version: next.version, rules: next.rules.length },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw error;
    throw new DomainError('conflict', 'Somebody else changed the rules since you read them; read them again.', {
      cause: error,
    });
  }
  return next;
}
