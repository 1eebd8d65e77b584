import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { answerKeptSeconds, idempotencyHeader } from '../contract/idempotency.ts';
import { isConditionFailure, type Table, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { AnswerBox } from './answer-box.ts';
import { type Attempt, fingerprintOf, placeOf } from './attempt.ts';

/**
 * Longer than any function of the API may run. Whoever holds a place for as long is dead, and has made nothing that the place
 * does not say.
 */
export const heldSecondsMax = 30;
/** What is under way is mostly done by then. */
const RETRY_AFTER_SECONDS = 1;

const rowSchema = z.object({
  fingerprint: z.string(),
  /** Sealed; absent while nothing is answered. */
  answer: z.string().optional(),
  /** Milliseconds since the epoch. */
  heldUntil: z.int(),
  /** Seconds since the epoch. */
  expiresAt: z.int(),
});

/** The right to answer an attempt, which one request at a time has. */
export interface Held {
  readonly attempt: Attempt;
  readonly holder: string;
}

/**
 * Takes an attempt up, for the first time or after a request that failed or died.
 * @returns the right to answer it; or the answer that was given before
 * @throws {DomainError} `idempotency_conflict` when the key was used for another input; `idempotency_in_progress` while another request
 *   is at it
 */
export async function takeUp(
  control: Table,
  box: AnswerBox,
  attempt: Attempt,
  at: Date,
): Promise<{ readonly held: Held } | { readonly answer: string }> {
  const fingerprint = fingerprintOf(attempt);
  const holder = randomUUID();
  const nowSeconds = Math.floor(at.getTime() / 1000);
  try {
    await control.client.send(
      new PutCommand({
        TableName: control.name,
        Item: {
          ...placeOf(attempt),
          fingerprint,
          holder,
          heldUntil: at.getTime() + heldSecondsMax * 1000,
          expiresAt: nowSeconds + answerKeptSeconds,
        },
        // A row that has expired may be there for some time yet.
        ConditionExpression:
          'attribute_not_exists(pk) OR expiresAt <= :seconds OR (attribute_not_exists(answer) AND heldUntil <= :now)',
        ExpressionAttributeValues: { ':seconds': nowSeconds, ':now': at.getTime() },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { held: { attempt, holder } };
  } catch (error) {
    if (!isConditionFailure(error) || !error.Item) throw error;
    const before = rowSchema.parse(unmarshall(error.Item));
    if (before.fingerprint !== fingerprint) {
      const message = 'was used for another request; make up another for this one';
      throw new DomainError('idempotency_conflict', `${idempotencyHeader}: ${message}.`, {
        fields: [{ field: idempotencyHeader, message }],
      });
    }
    if (before.answer !== undefined) return { answer: box.open(attempt, before.answer) };
    throw new DomainError('idempotency_in_progress', 'The same request is under way; send it again in a second.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/** The transaction item that keeps an answer together with what it tells of, or neither. It fails when the attempt is somebody else's by now. */
export function answerItem(tableName: string, box: AnswerBox, { attempt, holder }: Held, answer: string) {
  return {
    Update: {
      TableName: tableName,
      Key: placeOf(attempt),
      UpdateExpression: 'SET answer = :answer',
      ConditionExpression: 'holder = :holder AND attribute_not_exists(answer)',
      ExpressionAttributeValues: { ':holder': holder, ':answer': box.seal(attempt, answer) },
    },
  };
}
export type AnswerItem = ReturnType<typeof answerItem>;

/** Keeps an answer by itself, for what is made without a transaction and is as good when it is tried again. */
export async function keepAnswer(control: Table, box: AnswerBox, held: Held, answer: string): Promise<void> {
  await wasWritten(control.client.send(new UpdateCommand(answerItem(control.name, box, held, answer).Update)));
}

/** Gives an attempt back that came to nothing, so that the next one need not wait. What was answered stays so. */
export async function giveBack(control: Table, { attempt, holder }: Held): Promise<void> {
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: placeOf(attempt),
        UpdateExpression: 'SET heldUntil = :never',
        ConditionExpression: 'holder = :holder AND attribute_not_exists(answer)',
        ExpressionAttributeValues: { ':holder': holder, ':never': 0 },
      }),
    ),
  );
}
