import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Actor, actorName, type SystemActor } from '../actor/actor.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Id } from '../ids/id.ts';
import { readFleet } from './current.ts';
import { loadRollout, type Rollout, underWay } from './rollout.ts';

/** Who acts when a rollout acts by itself. */
export const fleetActor: SystemActor = { kind: 'system', name: 'fleet' };

/** The execution that an operator's wish to roll back is carried out by; each wish has its own. */
export const rollbackExecution = ({ rolloutId, rollbacks }: Rollout): string => `${rolloutId}-back-${rollbacks}`;

/**
 * An operator's wish: everything that the rollout changed goes back to what it was. One that runs stops; one that has succeeded can go back while it
 * is the newest; one whose rollback failed, or does not move, is tried again. The caller starts the execution that `rollbackExecution`
 * names. That there may be two at the same time does no harm: both want the same.
 * @throws {DomainError} `not_found`, `illegal_transition`, `conflict`
 */
export async function requestRollback(
  control: Table,
  rolloutId: Id<'rollout'>,
  { reason, initial, actor }: { readonly reason: string; readonly initial: string; readonly actor: Actor },
): Promise<Rollout> {
  const rollout = await loadRollout(control, rolloutId);
  const { status } = rollout;
  if (status === 'rolled-back') throw new DomainError('illegal_transition', 'The rollout was rolled back already.');
  const fleet = await readFleet(control, initial);
  if (status === 'succeeded' && fleet.broughtBy !== rolloutId) {
    throw new DomainError('illegal_transition', 'Another rollout came after it; roll out the version that you want.');
  }
  if (fleet.rolloutId && fleet.rolloutId !== rolloutId) throw underWay(fleet.rolloutId);
  const rollbacks = rollout.rollbacks + 1;
  const wanted = { ...rollout, rollbacks, rolledBackBy: actorName(actor) };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.rollout(rolloutId),
              UpdateExpression:
                'SET #status = :back, reason = if_not_exists(reason, :reason), rollbackBy = :by, rollbacks = :rollbacks, rolledBackBy = :actor REMOVE endedAt',
              ConditionExpression: '#status = :before AND rollbacks = :before_rollbacks',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: {
                ':back': 'rolling-back',
                ':before': status,
                ':reason': reason,
                ':by': rollbackExecution(wanted),
                ':actor': actorName(actor),
                ':rollbacks': rollbacks,
                ':before_rollbacks': rollout.rollbacks,
              },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.fleet(),
              UpdateExpression: 'SET rolloutId = :id',
              ConditionExpression: 'attribute_not_exists(rolloutId) OR rolloutId = :id',
              ExpressionAttributeValues: { ':id': rolloutId },
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw new DomainError('conflict', 'The rollout changed at the same time; look again.', { cause: error });
  }
  return { ...wanted, status: 'rolling-back', reason: rollout.reason ?? reason };
}

/**
 * Turns a running rollout back because of a failure, or takes up an operator's wish.
 * @param by the execution that does it
 * @returns false when another execution does it
 */
export async function beginRollback(
  control: Table,
  rolloutId: Id<'rollout'>,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<boolean> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.rollout(rolloutId),
        UpdateExpression:
          'SET #status = :back, reason = if_not_exists(reason, :reason), rollbackBy = :by, rolledBackBy = if_not_exists(rolledBackBy, :actor)',
        ConditionExpression: '#status = :running OR (#status = :back AND rollbackBy = :by)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':running': 'running',
          ':back': 'rolling-back',
          ':by': by,
          ':actor': actorName(fleetActor),
          ':reason': reason,
        },
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    return false;
  }
}
