import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Actor, actorName } from '../actor/actor.ts';
import type { Table } from '../control/table.ts';
import { idPattern, newId } from '../ids/id.ts';

/** The log of what staff does to the whole stage, and to no company in particular. */
export const stageAuditPartition = 'STAGE';

export interface StageEntry {
  readonly actor: Actor;
  /** `queue.redriven`, `flag.changed`, … */
  readonly action: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly at: Date;
}

/** The transaction item that appends an entry; entries are only ever put, under ids that did not exist. */
export const stageAuditItem = (tableName: string, { actor, action, details, at }: StageEntry) => ({
  Put: {
    TableName: tableName,
    Item: {
      pk: stageAuditPartition,
      sk: newId('audit', at.getTime()),
      at: at.toISOString(),
      actor: actorName(actor),
      action,
      details,
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** Appends an entry by itself, for what changes no row. */
export async function appendStageAudit(audit: Table, entry: StageEntry): Promise<void> {
  await audit.client.send(new PutCommand(stageAuditItem(audit.name, entry).Put));
}

const rowSchema = z.object({
  sk: z.string().regex(idPattern('audit')),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** The newest entries, the newest first. */
export async function listStageAudit(audit: Table, limit: number) {
  const { Items = [] } = await audit.client.send(
    new QueryCommand({
      TableName: audit.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': stageAuditPartition },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return z
    .array(rowSchema)
    .parse(Items)
    .map(({ sk, ...entry }) => ({ id: sk, ...entry }));
}
