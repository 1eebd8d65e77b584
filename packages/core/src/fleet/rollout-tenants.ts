import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { type Id, isTenantId, type TenantId } from '../ids/id.ts';
import { notRunning, rolloutExpiry } from './rollout.ts';

/**
 * What became of a tenant: `updating` until its pods run the version, `updated` until it passed the gate, then `healthy`. `failed` stops the rollout;
 * `restored` and `notRestored` come from a rollback.
 */
export const rolloutOutcomes = [
  'updating',
  'updated',
  'healthy',
  'failed',
  'restored',
  'notRestored',
  'skipped',
] as const;
export type RolloutOutcome = (typeof rolloutOutcomes)[number];

const rowSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  /** From 0. */
  wave: z.int(),
  /** The version that it had. */
  from: z.string(),
  outcome: z.enum(rolloutOutcomes),
  reason: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
});
export type RolloutTenant = z.infer<typeof rowSchema>;

interface Named {
  readonly rolloutId: Id<'rollout'>;
  readonly tenantId: TenantId;
}

export async function findRolloutTenant(
  control: Table,
  { rolloutId, tenantId }: Named,
): Promise<RolloutTenant | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({
      TableName: control.name,
      Key: controlKeys.rolloutTenant(rolloutId, tenantId),
      ConsistentRead: true,
    }),
  );
  return Item && rowSchema.parse(Item);
}

/** Everybody whom a rollout came to, in the order in which it did. */
export async function listRolloutTenants(control: Table, rolloutId: Id<'rollout'>): Promise<readonly RolloutTenant[]> {
  const rows: RolloutTenant[] = [];
  let next: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `FLEET#${rolloutId}` },
        ConsistentRead: true,
        ...(next ? { ExclusiveStartKey: next } : {}),
      }),
    );
    rows.push(...z.array(rowSchema).parse(Items));
    next = LastEvaluatedKey;
  } while (next);
  return rows.sort((a, b) => a.wave - b.wave || (a.startedAt < b.startedAt ? -1 : 1));
}

/**
 * Notes that a tenant is about to be changed, before it is, so that a rollback finds it. What it had when it was first noted stays.
 * @throws {DomainError} `conflict` when the rollout does not run any more
 */
export async function noteTenant(
  control: Table,
  rolloutId: Id<'rollout'>,
  row: Pick<RolloutTenant, 'tenantId' | 'wave' | 'from' | 'outcome' | 'reason'>,
  at: Date,
): Promise<void> {
  const key = controlKeys.rolloutTenant(rolloutId, row.tenantId);
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.rollout(rolloutId),
              ConditionExpression: '#status = :running',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':running': 'running' },
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: { ...key, ...row, startedAt: at.toISOString(), expiresAt: rolloutExpiry(at) },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
  } catch (error) {
    const [running, isNew] = cancellationCodes(error) ?? [];
    if (running === 'ConditionalCheckFailed') throw notRunning(rolloutId, error);
    if (isNew !== 'ConditionalCheckFailed') throw error;
  }
}

/** Outcomes of the way back, which whoever still goes forward does not replace. */
const ofRollback: readonly RolloutOutcome[] = ['restored', 'notRestored'];

/**
 * Notes how it went; does nothing for a tenant that was not noted before, or of which the same is noted already. A reason that is there stays
 * when none is given.
 */
export async function noteOutcome(
  control: Table,
  { rolloutId, tenantId }: Named,
  { outcome, reason, at }: { readonly outcome: RolloutOutcome; readonly reason?: string; readonly at: Date },
): Promise<void> {
  const back = ofRollback.includes(outcome);
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.rolloutTenant(rolloutId, tenantId),
        UpdateExpression: `SET outcome = :outcome, endedAt = :at${reason ? ', reason = :reason' : ''}`,
        ConditionExpression: `attribute_exists(pk) AND outcome <> :outcome${back ? '' : ' AND NOT outcome IN (:restored, :notRestored)'}`,
        ExpressionAttributeValues: {
          ':outcome': outcome,
          ':at': at.toISOString(),
          ...(reason ? { ':reason': reason } : {}),
          ...(back ? {} : { ':restored': 'restored', ':notRestored': 'notRestored' }),
        },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
