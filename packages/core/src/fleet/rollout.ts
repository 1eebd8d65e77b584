import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Actor, actorName } from '../actor/actor.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type Id, isTenantId, newId, type TenantId } from '../ids/id.ts';
import { readFleet, rolloutIdSchema } from './current.ts';
import type { Plan } from './waves.ts';

export const rolloutStatuses = ['running', 'succeeded', 'rolling-back', 'rolled-back', 'rollback-failed'] as const;

const tenantId = z.custom<TenantId>(isTenantId);
const rolloutRowSchema = z.object({
  rolloutId: rolloutIdSchema,
  version: z.string(),
  /** What the fleet ran before. */
  from: z.string(),
  status: z.enum(rolloutStatuses),
  startedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Why it is, or was, rolled back. */
  reason: z.string().optional(),
  /** Who rolled it back. */
  rolledBackBy: z.string().optional(),
  /** The execution that rolls it back, and how many did so before. */
  rollbackBy: z.string().optional(),
  rollbacks: z.int().default(0),
  /** Absent until it is planned. */
  waves: z.array(z.object({ name: z.string(), tenantIds: z.array(tenantId) })).optional(),
  skipped: z.array(z.object({ tenantId, reason: z.string() })).optional(),
});
export type Rollout = z.infer<typeof rolloutRowSchema>;

/** Records are kept so long; they name tenants, and nothing else of them. */
const KEPT_SECONDS = 400 * 86_400;
export const rolloutExpiry = (at: Date): number => Math.floor(at.getTime() / 1000) + KEPT_SECONDS;

/** @throws {DomainError} `not_found` */
export async function loadRollout(control: Table, rolloutId: Id<'rollout'>): Promise<Rollout> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.rollout(rolloutId), ConsistentRead: true }),
  );
  if (!Item) throw new DomainError('not_found', 'There is no such rollout.');
  return rolloutRowSchema.parse(Item);
}

/** Rollouts, newest first. @param options.after the last of the page before */
export async function listRollouts(
  control: Table,
  { limit, after }: { readonly limit: number; readonly after?: Id<'rollout'> | undefined },
): Promise<{ readonly rollouts: readonly Rollout[]; readonly next: Id<'rollout'> | undefined }> {
  const { Items = [], LastEvaluatedKey } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.fleet().pk, ':prefix': 'ROLLOUT#' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after ? { ExclusiveStartKey: controlKeys.rollout(after) } : {}),
    }),
  );
  const rollouts = z.array(rolloutRowSchema).parse(Items);
  return { rollouts, next: LastEvaluatedKey ? rollouts.at(-1)?.rolloutId : undefined };
}

/**
 * Opens a rollout, unless one is under way.
 * @param options.initial the version of a stage that had no rollout yet
 * @throws {DomainError} `conflict`, naming the one that is under way
 */
export async function startRollout(
  control: Table,
  options: { readonly version: string; readonly initial: string; readonly actor: Actor; readonly at: Date },
): Promise<Rollout> {
  const { version, initial, actor, at } = options;
  const fleet = await readFleet(control, initial);
  if (fleet.rolloutId) throw underWay(fleet.rolloutId);
  const rollout: Rollout = {
    rolloutId: newId('rollout', at.getTime()),
    version,
    from: fleet.version,
    status: 'running',
    startedBy: actorName(actor),
    startedAt: at.toISOString(),
    rollbacks: 0,
  };
  const { rolloutId } = rollout;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.fleet(),
              UpdateExpression: 'SET rolloutId = :id, #version = :from',
              ConditionExpression:
                'attribute_not_exists(rolloutId) AND (attribute_not_exists(#version) OR #version = :from)',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':id': rolloutId, ':from': fleet.version },
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.rollout(rolloutId), ...rollout, expiresAt: rolloutExpiry(at) },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw underWay((await readFleet(control, initial)).rolloutId, error);
  }
  return rollout;
}

/** Keeps who gets the version when. What was planned first stays. */
export async function savePlan(control: Table, rolloutId: Id<'rollout'>, plan: Plan): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.rollout(rolloutId),
        UpdateExpression: 'SET waves = :waves, skipped = :skipped',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(waves)',
        ExpressionAttributeValues: { ':waves': plan.waves, ':skipped': plan.skipped },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

/** Ends a rollout that went through: its version is the fleet's. Repeating it is safe. @throws {DomainError} `conflict` when it does not run */
export async function finishRollout(control: Table, rolloutId: Id<'rollout'>, at: Date): Promise<void> {
  const rollout = await loadRollout(control, rolloutId);
  if (rollout.status === 'succeeded') return;
  if (rollout.status !== 'running') throw notRunning(rolloutId);
  await endWith(control, rollout, { status: 'succeeded', version: rollout.version, broughtBy: rolloutId, at });
}

/** Ends a rollback; the fleet's version is what it was. Repeating it is safe. */
export async function finishRollback(
  control: Table,
  rolloutId: Id<'rollout'>,
  { whole, at }: { readonly whole: boolean; readonly at: Date },
): Promise<void> {
  const rollout = await loadRollout(control, rolloutId);
  if (rollout.status !== 'rolling-back') return;
  await endWith(control, rollout, { status: whole ? 'rolled-back' : 'rollback-failed', version: rollout.from, at });
}

async function endWith(
  control: Table,
  { rolloutId, status }: Rollout,
  end: {
    readonly status: Rollout['status'];
    readonly version: string;
    readonly broughtBy?: Id<'rollout'>;
    readonly at: Date;
  },
): Promise<void> {
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.rollout(rolloutId),
              UpdateExpression: 'SET #status = :status, endedAt = :at',
              ConditionExpression: '#status = :before',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':status': end.status, ':before': status, ':at': end.at.toISOString() },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.fleet(),
              UpdateExpression: `SET #version = :version${end.broughtBy ? ', broughtBy = :id' : ''} REMOVE rolloutId${end.broughtBy ? '' : ', broughtBy'}`,
              ConditionExpression: 'rolloutId = :id',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': end.version, ':id': rolloutId },
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw notRunning(rolloutId, error);
  }
}

export const notRunning = (rolloutId: string, cause?: unknown): DomainError =>
  new DomainError('conflict', `The rollout ${rolloutId} does not go on any more.`, { cause });

export const underWay = (rolloutId: string | undefined, cause?: unknown): DomainError =>
  new DomainError(
    'conflict',
    `The rollout ${rolloutId ?? 'of somebody else'} is under way; wait until it ends, or roll it back.`,
    { cause },
  );
