import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';

const KEPT_SECONDS = 60 * 86_400;

/**
 * Stores that an event arrived, once by its id. The receipt and the queue cannot be written together, so a receipt says
 * whether its event was `queued`; a repeated delivery of one that was not is queued again.
 * @returns whether the event must be queued.
 */
export async function receiveEvent(
  control: Table,
  event: { readonly id: string; readonly type: string },
  at: Date,
): Promise<boolean> {
  try {
    await control.client.send(
      new PutCommand({
        TableName: control.name,
        Item: {
          ...controlKeys.receipt(event.id),
          type: event.type,
          receivedAt: at.toISOString(),
          state: 'received',
          expiresAt: Math.floor(at.getTime() / 1000) + KEPT_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    const { Item } = await control.client.send(
      new GetCommand({ TableName: control.name, Key: controlKeys.receipt(event.id), ConsistentRead: true }),
    );
    return Item?.state === 'received';
  }
}

/** Moves a receipt on: `queued`, then `processed` or `ignored`. */
export async function markReceipt(
  control: Table,
  eventId: string,
  state: 'queued' | 'processed' | 'ignored',
): Promise<void> {
  await control.client
    .send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.receipt(eventId),
        UpdateExpression: 'SET #state = :state',
        // The consumer may be faster than the webhook; a receipt never moves back.
        ConditionExpression:
          state === 'queued' ? 'attribute_exists(pk) AND #state = :received' : 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': state, ...(state === 'queued' ? { ':received': 'received' } : {}) },
      }),
    )
    .catch((error: unknown) => {
      if (!isConditionFailure(error)) throw error;
    });
}
