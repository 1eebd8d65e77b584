import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

const newestSchema = z.object({
  at: z.string(),
  /** Different events that it added. */
  events: z.int(),
  problem: z.string().nullable(),
  /** How many events had ever been archived before it: what came since is new. */
  archivedEvents: z.int(),
});

/** Attributes of the row of the training, since both say which model serves. */
const mergingSchema = z.object({
  /** The merge that is under way, which is the version that it makes. */
  mergeId: z.string().optional(),
  mergeStartedAt: z.string().optional(),
  mergeArchivedEvents: z.int().optional(),
  newestMerge: newestSchema.optional(),
});

export interface Merging {
  readonly mergeId?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly newest?: z.output<typeof newestSchema> | undefined;
}

/** After this long a merge that did not end was lost. */
const MERGE_MAX_MS = 20 * 60 * 1000;

export const isMerging = (merging: Merging | undefined, now: Date): boolean =>
  merging?.mergeId !== undefined && Date.parse(merging.startedAt ?? '') > now.getTime() - MERGE_MAX_MS;

/** The latest start of a merge that was lost. */
export const mergeLostBefore = (now: Date): string => new Date(now.getTime() - MERGE_MAX_MS).toISOString();

async function readRow(control: Table, tenantId: TenantId): Promise<z.output<typeof mergingSchema> | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.training(tenantId), ConsistentRead: true }),
  );
  return Item && mergingSchema.parse(Item);
}

export async function findMerging(control: Table, tenantId: TenantId): Promise<Merging | undefined> {
  const row = await readRow(control, tenantId);
  return row && { mergeId: row.mergeId, startedAt: row.mergeStartedAt, newest: row.newestMerge };
}

/** @returns whether it may begin: a model serves, no training runs, and no other merge */
export const startMerge = (
  control: Table,
  tenantId: TenantId,
  mergeId: string,
  { at, archivedEvents }: { readonly at: Date; readonly archivedEvents: number },
): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: 'SET mergeId = :id, mergeStartedAt = :at, mergeArchivedEvents = :archived',
        ConditionExpression:
          'attribute_exists(servingVersion) AND #status <> :running AND (attribute_not_exists(mergeId) OR mergeStartedAt < :lost)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':id': mergeId,
          ':at': at.toISOString(),
          ':archived': archivedEvents,
          ':running': 'running',
          ':lost': mergeLostBefore(at),
        },
      }),
    ),
  );

/**
 * Lets the merged model serve in place of the one that it was made of.
 * @returns false when a training has started, or another merge: these decide what serves then
 */
export const noteMerged = (
  control: Table,
  tenantId: TenantId,
  { mergeId, from }: { readonly mergeId: string; readonly from: string },
): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: 'SET servingVersion = :id',
        ConditionExpression: 'mergeId = :id AND #status <> :running AND servingVersion = :from',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':id': mergeId, ':from': from, ':running': 'running' },
      }),
    ),
  );

/** Ends a merge; one that ended before stays as it is. With a problem, what it was to add is still new. */
export async function endMerge(
  control: Table,
  tenantId: TenantId,
  mergeId: string,
  at: Date,
  end: { readonly events: number } | { readonly problem: string },
): Promise<void> {
  const row = await readRow(control, tenantId);
  if (row?.mergeId !== mergeId) return;
  const newest: z.output<typeof newestSchema> = {
    at: at.toISOString(),
    ...('problem' in end
      ? { events: 0, problem: end.problem, archivedEvents: row.newestMerge?.archivedEvents ?? -1 }
      : { events: end.events, problem: null, archivedEvents: row.mergeArchivedEvents ?? -1 }),
  };
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: 'SET newestMerge = :newest REMOVE mergeId, mergeStartedAt, mergeArchivedEvents',
        ConditionExpression: 'mergeId = :id',
        ExpressionAttributeValues: { ':id': mergeId, ':newest': newest },
      }),
    ),
  );
}
