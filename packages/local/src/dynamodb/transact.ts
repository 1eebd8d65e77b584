import { createHash } from 'node:crypto';
import { AwsError } from '../aws/engine.ts';
import { type Item, itemSize } from './attribute-value.ts';
import { itemIdentity } from './batch.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Context, Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { positionOfKey } from './key.ts';
import { attributesRead, projected, selectOf, soleProjectionOf } from './read.ts';
import { transactGetItems, transactWriteItems } from './request.ts';
import { itemRequirement, leadingKeysOf, tableArn } from './requirement.ts';
import { text } from './store.ts';
import {
  type BoundWrite,
  bindWrite,
  commitWrite,
  evaluateWrite,
  parseWrite,
  type Write,
  type WriteOutcome,
} from './write.ts';

const TOKEN_LIFETIME_MS = 10 * 60 * 1_000;
const BYTES_MAX = 4 * 1_024 * 1_024;
/** A transaction reads or writes every item twice. */
const CAPACITY_FACTOR = 2;

const ACTIONS = { put: 'PutItem', update: 'UpdateItem', delete: 'DeleteItem', check: 'ConditionCheckItem' } as const;

/** Why one item of a cancelled transaction did or did not stand in its way. */
interface Reason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

function parse(body: unknown) {
  const request = transactWriteItems(body, '');
  const writes = request.TransactItems.map(({ Put, Update, Delete, ConditionCheck }): Write => {
    const parsed = [
      ...(Put ? [parseWrite('put', Put.Item, Put)] : []),
      ...(Update ? [parseWrite('update', Update.Key, Update)] : []),
      ...(Delete ? [parseWrite('delete', Delete.Key, Delete)] : []),
      ...(ConditionCheck ? [parseWrite('check', ConditionCheck.Key, ConditionCheck)] : []),
    ];
    const [write] = parsed;
    if (!write || parsed.length > 1) {
      throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return write;
  });
  if (writes.reduce((bytes, { target }) => bytes + itemSize(target), 0) > BYTES_MAX) {
    throw validationError('Transaction size cannot exceed 4 MB');
  }
  return { request, writes };
}

/** Equal for equal requests, in whatever order their members came. */
function digestOf(body: unknown): string {
  const items = typeof body === 'object' && body !== null && 'TransactItems' in body ? body.TransactItems : undefined;
  return createHash('sha256').update(canonicalJson(items)).digest('base64');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1))
      : member,
  );
}

export const prepareTransactWriteItems: Prepare = (context, body) => {
  const { request, writes } = parse(body);
  const calls = writes.map((write) => ({ write, authorised: context.catalogue.find(write.tableName) }));
  return {
    requires: calls.map(({ write, authorised }) =>
      itemRequirement(ACTIONS[write.kind], tableArn(context, write.tableName), {
        leadingKeys: leadingKeysOf(authorised, [write.target]),
        attributes: write.attributes,
        returnConsumedCapacity: request.ReturnConsumedCapacity,
        enclosingOperation: 'TransactWriteItems',
      }),
    ),
    run: () =>
      context.store.transaction(() => {
        const capacity = new ConsumedCapacity();
        const planned = calls.map(({ write, authorised }) => ({ write, table: context.catalogue.current(authorised) }));
        if (request.ClientRequestToken !== undefined && isRepeat(context, request.ClientRequestToken, digestOf(body))) {
          return {};
        }
        const attempts = planned.map(({ write, table }) => attempt(context, () => bindWrite(table, write)));
        assertDistinct(attempts);
        cancelUnlessAllGood(attempts.map(({ reason }) => reason));
        for (const { bound, outcome } of attempts) {
          if (!bound || !outcome) throw new Error('a transaction that should have been cancelled');
          commitWrite(context.items, bound, outcome);
          capacity.addWrite(bound.table, outcome.before?.item, outcome.after, CAPACITY_FACTOR);
        }
        return capacity.list(request.ReturnConsumedCapacity);
      }),
  };
};

interface Attempt {
  readonly reason: Reason;
  readonly bound?: BoundWrite;
  readonly outcome?: WriteOutcome;
}

function attempt(context: Context, bind: () => BoundWrite): Attempt {
  let bound: BoundWrite | undefined;
  try {
    bound = bind();
    return { reason: { Code: 'None' }, bound, outcome: evaluateWrite(context.items, bound) };
  } catch (error) {
    return { reason: reasonOf(error), ...(bound ? { bound } : {}) };
  }
}

function reasonOf(error: unknown): Reason {
  if (!(error instanceof AwsError)) throw error;
  switch (error.code) {
    case 'ConditionalCheckFailedException':
      return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.details };
    case 'ValidationException':
      return { Code: 'ValidationError', Message: error.message };
    default:
      throw error;
  }
}

function assertDistinct(attempts: readonly Attempt[]): void {
  const identities = attempts.flatMap(({ bound }) => (bound ? [itemIdentity(bound.table, bound.position)] : []));
  if (new Set(identities).size < identities.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
}

function cancelUnlessAllGood(reasons: readonly Reason[]): void {
  if (reasons.every(({ Code }) => Code === 'None')) return;
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  );
}

/**
 * Whether the token's transaction was already carried out; if not, the token is taken for it, in the same commit.
 * @throws {AwsError} `IdempotentParameterMismatchException` when it was taken for another transaction.
 */
function isRepeat(context: Context, token: string, digest: string): boolean {
  const now = context.now();
  context.store.run('DELETE FROM transaction_tokens WHERE created <= ?', now - TOKEN_LIFETIME_MS);
  const known = context.store.get('SELECT digest FROM transaction_tokens WHERE token = ?', token);
  if (!known) {
    context.store.run('INSERT INTO transaction_tokens (token, digest, created) VALUES (?, ?, ?)', token, digest, now);
    return false;
  }
  if (text(known, 'digest') !== digest) {
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  }
  return true;
}

export const prepareTransactGetItems: Prepare = (context, body) => {
  const request = transactGetItems(body, '');
  const calls = request.TransactItems.map(({ Get }) => ({
    get: Get,
    projection: soleProjectionOf(Get),
    authorised: context.catalogue.find(Get.TableName),
  }));
  return {
    requires: calls.map(({ get, projection, authorised }) =>
      itemRequirement('GetItem', tableArn(context, get.TableName), {
        leadingKeys: leadingKeysOf(authorised, [get.Key]),
        attributes: attributesRead([get.Key], projection),
        select: selectOf(projection),
        returnConsumedCapacity: request.ReturnConsumedCapacity,
        enclosingOperation: 'TransactGetItems',
      }),
    ),
    run: () => {
      const capacity = new ConsumedCapacity();
      const reasons: Reason[] = [];
      const responses = calls.map(({ get, projection, authorised }) => {
        const table = context.catalogue.current(authorised);
        try {
          const item = context.items.find(table, positionOfKey(table.keys, get.Key))?.item;
          capacity.addRead(table, item ? itemSize(item) : 0, CAPACITY_FACTOR);
          reasons.push({ Code: 'None' });
          return item ? { Item: projected(item, projection) } : {};
        } catch (error) {
          reasons.push(reasonOf(error));
          return {};
        }
      });
      cancelUnlessAllGood(reasons);
      return { Responses: responses, ...capacity.list(request.ReturnConsumedCapacity) };
    },
  };
};
