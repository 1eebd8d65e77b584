import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Actor, actorName } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import {
  type DoneErasure,
  doneErasureSchema,
  erasureView,
  type OwedErasure,
  owedErasureSchema,
  owedMax,
} from './erasure.ts';
import { shopperHash } from './shopper-hash.ts';
import { erasureSecondsMax } from './state-machine.ts';

const TRIES_MAX = 8;

const markSchema = z.object({ erasureId: z.string(), open: z.boolean() });

/** The erasure of the shopper that is owed; undefined when there is none, or it is done. */
async function findOwed(control: Table, tenantId: TenantId, hash: string): Promise<OwedErasure | undefined> {
  const { Item: mark } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.erasedShopper(tenantId, hash), ConsistentRead: true }),
  );
  if (!mark) return undefined;
  const { erasureId, open } = markSchema.parse(mark);
  if (!open) return undefined;
  const { Item } = await control.client.send(
    new GetCommand({
      TableName: control.name,
      Key: controlKeys.owedErasure(tenantId, erasureId),
      ConsistentRead: true,
    }),
  );
  return Item && owedErasureSchema.parse(Item);
}

/**
 * Registers that a shopper is to be erased, with its audit entry. Whoever asks again is told of the same erasure, until it is done; one that failed is
 * tried again.
 * @param erasureId of the erasure, should there be none yet
 * @throws {DomainError} `limit_reached` when too many wait already, `unavailable` when too much happens at the same moment
 */
export async function requestErasure(
  tables: { readonly control: Table; readonly auditTable: string },
  tenantId: TenantId,
  shopperId: string,
  context: { readonly erasureId: string; readonly actor: Actor; readonly at: Date },
): Promise<OwedErasure> {
  const { control, auditTable } = tables;
  const { erasureId, actor, at } = context;
  const hash = shopperHash(tenantId, shopperId);
  const begun: OwedErasure = {
    erasureId,
    shopperId,
    shopperHash: hash,
    status: 'requested',
    requestedAt: at.toISOString(),
    requestedBy: actorName(actor),
  };
  const TransactItems = [
    {
      Update: {
        TableName: control.name,
        Key: controlKeys.erasedShopper(tenantId, hash),
        UpdateExpression: 'SET erasureId = :id, #open = :true REMOVE expiresAt',
        ConditionExpression: 'attribute_not_exists(pk) OR #open <> :true',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':id': erasureId, ':true': true },
      },
    },
    {
      Update: {
        TableName: control.name,
        Key: controlKeys.erasures(tenantId),
        UpdateExpression: 'ADD owed :one, waiting :one',
        ConditionExpression: 'attribute_not_exists(owed) OR owed < :max',
        ExpressionAttributeValues: { ':one': 1, ':max': owedMax },
      },
    },
    { Put: { TableName: control.name, Item: { ...controlKeys.owedErasure(tenantId, erasureId), ...begun } } },
    auditItem(auditTable, {
      tenantId,
      actor,
      action: 'shopper.erasure.requested',
      details: { erasureId, shopper: hash },
      at,
    }),
  ];
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * Math.random()));
    const owed = await findOwed(control, tenantId, hash);
    if (owed) return owed.status === 'failed' ? askAgain(control, tenantId, owed) : owed;
    try {
      await control.client.send(new TransactWriteCommand({ TransactItems }));
      return begun;
    } catch (error) {
      const codes = cancellationCodes(error);
      if (!codes) throw error;
      if (codes[1] === 'ConditionalCheckFailed') {
        throw new DomainError('limit_reached', `${owedMax} erasures wait already; ask again when some are done.`, {
          limit: { name: 'erasures', used: owedMax, allowed: owedMax },
          cause: error,
        });
      }
    }
  }
  throw new DomainError('unavailable', 'Too much is asked for at the moment; send it again.', { retryAfterSeconds: 1 });
}

async function askAgain(control: Table, tenantId: TenantId, owed: OwedErasure): Promise<OwedErasure> {
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.owedErasure(tenantId, owed.erasureId),
              UpdateExpression: 'SET #status = :requested REMOVE reason',
              ConditionExpression: '#status = :failed',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':requested': 'requested', ':failed': 'failed' },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.erasures(tenantId),
              UpdateExpression: 'ADD waiting :one',
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
        ],
      }),
    );
  } catch (error) {
    // Somebody else has asked again in the same moment.
    if (!cancellationCodes(error)) throw error;
  }
  const { reason: _reason, ...rest } = owed;
  return { ...rest, status: 'requested' };
}

/**
 * Takes the tenant's only run of erasures, unless one is under way, which then also does what was asked for meanwhile.
 * @returns whether the run is to be started
 */
export function claimRun(control: Table, tenantId: TenantId, runId: string, at: Date): Promise<boolean> {
  return wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.erasures(tenantId),
        UpdateExpression: 'SET runId = :run, runSince = :at',
        ConditionExpression: 'attribute_not_exists(runId) OR runSince < :lost',
        ExpressionAttributeValues: {
          ':run': runId,
          ':at': at.toISOString(),
          ':lost': new Date(at.getTime() - erasureSecondsMax * 1000).toISOString(),
        },
      }),
    ),
  );
}

/**
 * Gives the run back, so that another may begin; not while an erasure waits, which the run then takes.
 * @returns false when one does
 */
export async function releaseRun(control: Table, tenantId: TenantId, runId: string): Promise<boolean> {
  const released = await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.erasures(tenantId),
        UpdateExpression: 'REMOVE runId, runSince',
        ConditionExpression: 'runId = :run AND waiting <= :none',
        ExpressionAttributeValues: { ':run': runId, ':none': 0 },
      }),
    ),
  );
  return released || (await runOf(control, tenantId)) !== runId;
}

/** Gives back a run that could not be started, whatever waits. */
export async function abandonRun(control: Table, tenantId: TenantId, runId: string): Promise<void> {
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.erasures(tenantId),
        UpdateExpression: 'REMOVE runId, runSince',
        ConditionExpression: 'runId = :run',
        ExpressionAttributeValues: { ':run': runId },
      }),
    ),
  );
}

/** The run that is under way. */
export async function runOf(control: Table, tenantId: TenantId): Promise<string | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.erasures(tenantId), ConsistentRead: true }),
  );
  return Item?.runId === undefined ? undefined : String(Item.runId);
}

async function rowsOf(control: Table, tenantId: TenantId, prefix: string, limit: number, newestFirst: boolean) {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.erasures(tenantId).pk, ':prefix': prefix },
      ScanIndexForward: !newestFirst,
      Limit: limit,
      ConsistentRead: true,
    }),
  );
  return Items;
}

/** What is owed, the oldest first. */
export const listOwed = async (control: Table, tenantId: TenantId, limit = owedMax): Promise<readonly OwedErasure[]> =>
  z.array(owedErasureSchema).parse(await rowsOf(control, tenantId, 'OWED#', limit, false));

/** What is done, the newest first. */
export const listDone = async (control: Table, tenantId: TenantId, limit: number): Promise<readonly DoneErasure[]> =>
  z.array(doneErasureSchema).parse(await rowsOf(control, tenantId, 'DONE#', limit, true));

/** As the API shows them: what is owed, then what is done, each the newest first. */
export async function listErasures(control: Table, tenantId: TenantId, limit: number) {
  const [owed, done] = await Promise.all([listOwed(control, tenantId), listDone(control, tenantId, limit)]);
  return [...[...owed].reverse(), ...done].slice(0, limit).map(erasureView);
}
