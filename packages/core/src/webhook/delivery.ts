import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { testEventType, webhookEventTypes } from './events.ts';
import { waitAfter } from './schedule.ts';
import type { Outcome } from './send.ts';
import { deliveryStatuses } from './states.ts';

/** As long is the log of deliveries kept. */
const KEPT_DAYS = 30;
/** Whoever takes a delivery has so long for it; then somebody else may. */
const LEASE_MS = 60_000;
/** Attempts that the log shows: a whole schedule, and some that were asked for. */
const ATTEMPTS_KEPT = 20;

const attemptSchema = z.object({
  /** Of the invocation that made it; the logs of the provider name it too. */
  requestId: z.string(),
  at: z.string(),
  ms: z.int(),
  /** Null when there was no answer. */
  status: z.int().nullable(),
  /** The beginning of the answer, or why there was none. */
  answer: z.string(),
});
export type Attempt = z.infer<typeof attemptSchema>;

const deliveryRowSchema = z.object({
  webhookId: z.string(),
  messageId: z.string(),
  type: z.enum([...webhookEventTypes, testEventType]),
  /** The body, which is the same with every attempt. */
  payload: z.string(),
  createdAt: z.string(),
  status: z.enum(deliveryStatuses),
  /** Failed attempts since it was last asked for. */
  failed: z.int(),
  /** When it is next tried; while somebody is at it, when that is given up. */
  dueAt: z.string(),
  inFlight: z.boolean().optional(),
  attempts: z.array(attemptSchema),
});
export type Delivery = z.infer<typeof deliveryRowSchema>;

/** What the queue holds: that something is due, and no more. */
export const deliveryMessageSchema = z.object({
  tenantId: z.string(),
  webhookId: z.string(),
  messageId: z.string(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>;

/** What the API shows of a delivery. */
export const deliveryView = (delivery: Delivery) => ({
  messageId: delivery.messageId,
  type: delivery.type,
  status: delivery.status,
  createdAt: delivery.createdAt,
  nextAttemptAt: delivery.status === 'pending' ? delivery.dueAt : null,
  payload: delivery.payload,
  attempts: delivery.attempts,
});

interface NewDelivery {
  readonly webhookId: string;
  readonly messageId: string;
  readonly type: Delivery['type'];
  readonly payload: string;
}

/**
 * Puts a delivery beside its endpoint, once: one that is there already stays as it is. Nothing is put for an endpoint that is gone.
 * @returns whether the endpoint is still there
 */
export async function putDelivery(
  control: Table,
  tenantId: TenantId,
  { webhookId, messageId, type, payload }: NewDelivery,
  at: Date,
): Promise<boolean> {
  const delivery: Delivery = {
    webhookId,
    messageId,
    type,
    payload,
    createdAt: at.toISOString(),
    status: 'pending',
    failed: 0,
    dueAt: at.toISOString(),
    attempts: [],
  };
  const expiresAt = Math.floor(at.getTime() / 1000) + KEPT_DAYS * 86_400;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.delivery(tenantId, webhookId, messageId), ...delivery, expiresAt },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.webhook(tenantId, webhookId),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
        ],
      }),
    );
    return true;
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes?.includes('ConditionalCheckFailed')) throw error;
    return codes[1] !== 'ConditionalCheckFailed';
  }
}

export async function findDelivery(
  control: Table,
  tenantId: TenantId,
  webhookId: string,
  messageId: string,
): Promise<Delivery | undefined> {
  const Key = controlKeys.delivery(tenantId, webhookId, messageId);
  const { Item } = await control.client.send(new GetCommand({ TableName: control.name, Key, ConsistentRead: true }));
  return Item && deliveryRowSchema.parse(Item);
}

/** An endpoint's deliveries, newest first. @param after id of a message; the page begins with the next older one */
export async function listDeliveries(
  control: Table,
  tenantId: TenantId,
  webhookId: string,
  options: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly deliveries: readonly Delivery[]; readonly next: string | undefined }> {
  const { pk, sk } = controlKeys.delivery(tenantId, webhookId, '');
  const { Items = [], LastEvaluatedKey } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': sk },
      ScanIndexForward: false,
      Limit: options.limit,
      ConsistentRead: true,
      ...(options.after ? { ExclusiveStartKey: controlKeys.delivery(tenantId, webhookId, options.after) } : {}),
    }),
  );
  const deliveries = z.array(deliveryRowSchema).parse(Items);
  return { deliveries, next: LastEvaluatedKey ? deliveries.at(-1)?.messageId : undefined };
}

/** Changes a delivery that nobody has changed since it was read. @returns whether it was so */
const changeDelivery = (
  control: Table,
  tenantId: TenantId,
  delivery: Delivery,
  set: Partial<Delivery>,
  remove: readonly (keyof Delivery)[] = [],
): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.delivery(tenantId, delivery.webhookId, delivery.messageId),
        UpdateExpression: [
          `SET ${Object.keys(set)
            .map((name) => `#${name} = :${name}`)
            .join(', ')}`,
          ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
        ].join(' '),
        ConditionExpression: '#dueAt = :presentDue AND #status = :presentStatus',
        ExpressionAttributeNames: Object.fromEntries(
          [...Object.keys(set), ...remove, 'dueAt', 'status'].map((name) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: {
          ':presentDue': delivery.dueAt,
          ':presentStatus': delivery.status,
          ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
        },
      }),
    ),
  );

/** Takes a delivery that is due, for a minute. @returns undefined when somebody else was faster */
export async function claimDelivery(
  control: Table,
  tenantId: TenantId,
  delivery: Delivery,
  at: Date,
): Promise<Delivery | undefined> {
  const set = { dueAt: new Date(at.getTime() + LEASE_MS).toISOString(), inFlight: true };
  const claimed = await changeDelivery(control, tenantId, delivery, set);
  return claimed ? { ...delivery, ...set } : undefined;
}

export const isTaken = (outcome: Outcome): boolean =>
  'status' in outcome && outcome.status >= 200 && outcome.status < 300;

/**
 * Writes down what became of an attempt, and when the next one is.
 * @param claimed as `claimDelivery` gave it
 * @returns the delivery as it is then; undefined when it was asked for anew in the meantime
 */
export async function recordAttempt(
  control: Table,
  tenantId: TenantId,
  claimed: Delivery,
  attempt: { readonly requestId: string; readonly at: Date; readonly outcome: Outcome },
  random: () => number,
): Promise<Delivery | undefined> {
  const { requestId, at, outcome } = attempt;
  const taken = isTaken(outcome);
  const failed = claimed.failed + (taken ? 0 : 1);
  const wait = taken ? undefined : waitAfter(failed, random);
  const entry: Attempt = {
    requestId,
    at: at.toISOString(),
    ms: outcome.ms,
    ...('status' in outcome
      ? { status: outcome.status, answer: outcome.answer }
      : { status: null, answer: outcome.problem }),
  };
  const { inFlight, ...before } = claimed;
  const set = {
    status: taken ? 'delivered' : wait === undefined ? 'failed' : 'pending',
    failed,
    dueAt: new Date(at.getTime() + outcome.ms + (wait ?? 0)).toISOString(),
    attempts: [...claimed.attempts, entry].slice(-ATTEMPTS_KEPT),
  } as const;
  const recorded = await changeDelivery(control, tenantId, claimed, set, ['inFlight']);
  return recorded ? { ...before, ...set } : undefined;
}

/** Ends a delivery without an attempt: its endpoint is off. */
export const giveUpDelivery = (control: Table, tenantId: TenantId, delivery: Delivery): Promise<boolean> =>
  changeDelivery(control, tenantId, delivery, { status: 'failed' }, ['inFlight']);

/**
 * Has a message sent again, with the same id and a whole schedule of attempts.
 * @throws {DomainError} `not_found`, `conflict` while it is being sent
 */
export async function redeliver(
  control: Table,
  tenantId: TenantId,
  webhookId: string,
  messageId: string,
  at: Date,
): Promise<Delivery> {
  const delivery = await findDelivery(control, tenantId, webhookId, messageId);
  if (!delivery) throw new DomainError('not_found', 'There is no such delivery.');
  const busy = new DomainError('conflict', 'The message is being sent at this moment.', { retryAfterSeconds: 5 });
  if (delivery.inFlight && Date.parse(delivery.dueAt) > at.getTime()) throw busy;
  const set = { status: 'pending', failed: 0, dueAt: at.toISOString() } as const;
  if (!(await changeDelivery(control, tenantId, delivery, set, ['inFlight']))) throw busy;
  const { inFlight, ...before } = delivery;
  return { ...before, ...set };
}
