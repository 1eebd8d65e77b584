import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OperatorActor } from '../actor/actor.ts';
import { actorName } from '../actor/actor.ts';
import { stageAuditItem } from '../audit/stage-audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type FlagName, flagNamed, flagNames } from './flags.ts';
import { type FlagRule, flagRuleSchema } from './rule.ts';

const rowSchema = z.object({
  sk: z.string(),
  rule: flagRuleSchema,
  /** Counts the changes. */
  revision: z.int(),
  changedAt: z.string(),
  changedBy: z.string(),
});
export type FlagRow = Omit<z.infer<typeof rowSchema>, 'sk'>;

const isFlag = (name: string): name is FlagName => flagNames.some((known) => known === name);

/** What the flags were set to; those that nobody has set are left out, and so are those that there are no more. */
export async function readFlags(control: Table): Promise<ReadonlyMap<FlagName, FlagRow>> {
  const rows = z.array(rowSchema).parse(await queryAll(control, controlKeys.flag('live-activity').pk));
  return new Map(rows.flatMap(({ sk, ...row }) => (isFlag(sk) ? [[sk, row]] : [])));
}

/**
 * Sets a flag, with its entry in the log.
 * @param change.revision of the setting that was seen; 0 when there was none
 * @throws {DomainError} `invalid_request` for what the flag cannot be set to, `conflict` when somebody else set it meanwhile
 */
export async function setFlag(
  tables: { readonly control: Table; readonly auditTable: string },
  name: FlagName,
  change: { readonly rule: FlagRule; readonly revision: number; readonly reason: string },
  { actor, at }: { readonly actor: OperatorActor; readonly at: Date },
): Promise<FlagRow> {
  const { control, auditTable } = tables;
  const { rule, revision, reason } = change;
  if (!flagNamed(name).kinds.includes(rule.kind)) {
    throw new DomainError('invalid_request', `The flag cannot be set to ${rule.kind}.`, {
      fields: [{ field: 'rule.kind', message: 'is not offered for this flag' }],
    });
  }
  const row: FlagRow = {
    rule,
    revision: revision + 1,
    changedAt: at.toISOString(),
    changedBy: actorName(actor),
  };
  const details = { flag: name, rule: JSON.stringify(rule).slice(0, 1000), reason };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.flag(name), ...row },
              ...(revision === 0
                ? { ConditionExpression: 'attribute_not_exists(pk)' }
                : {
                    ConditionExpression: 'revision = :seen',
                    ExpressionAttributeValues: { ':seen': revision },
                  }),
            },
          },
          stageAuditItem(auditTable, { actor, action: 'flag.set', details, at }),
        ],
      }),
    );
  } catch (error) {
    if (cancellationCodes(error)?.[0] !== 'ConditionalCheckFailed') throw error;
    throw new DomainError('conflict', 'Somebody else set the flag meanwhile; look again.', { cause: error });
  }
  return row;
}
