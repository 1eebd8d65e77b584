import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SystemActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table, wasWritten } from '../control/table.ts';
import { hashOf } from '../deletion/certificate.ts';
import type { TenantId } from '../ids/id.ts';
import type { TenantTables } from '../tenant/change.ts';
import { type CountsByErasure, nothingOfShopper } from './counts.ts';
import { certificateDays, lateDays, type OwedErasure, type ShopperCertificate, shoppersPerRun } from './erasure.ts';
import { listOwed } from './requests.ts';

const DAY_SECONDS = 86_400;
const eraser: SystemActor = { kind: 'system', name: 'erasure' };

/** The erasures that a run works on, the oldest first. There is one run at a time, so that what is running is its own. */
export async function runningErasures(control: Table, tenantId: TenantId): Promise<readonly OwedErasure[]> {
  return (await listOwed(control, tenantId)).filter(({ status }) => status === 'running');
}

/** Takes the oldest requests into the run; a repeat takes the same. */
export async function beginErasures(control: Table, tenantId: TenantId, at: Date): Promise<readonly OwedErasure[]> {
  const waiting = (await listOwed(control, tenantId)).filter(({ status }) => status !== 'failed');
  const running = waiting.filter(({ status }) => status === 'running');
  const taken = running.length > 0 ? running : waiting.slice(0, shoppersPerRun);
  for (const { erasureId, status } of taken) {
    if (status === 'running') continue;
    await wasWritten(
      control.client.send(
        new UpdateCommand({
          TableName: control.name,
          Key: controlKeys.owedErasure(tenantId, erasureId),
          UpdateExpression: 'SET #status = :running, startedAt = :at',
          ConditionExpression: '#status = :requested',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':running': 'running', ':requested': 'requested', ':at': at.toISOString() },
        }),
      ),
    );
  }
  return runningErasures(control, tenantId);
}

/** Remembers what there is before the first of it is erased; a later count, of what is left, does not replace it. */
export async function saveShopperCounts(
  control: Table,
  tenantId: TenantId,
  erasures: readonly OwedErasure[],
  counts: CountsByErasure,
): Promise<void> {
  for (const { erasureId } of erasures) {
    await wasWritten(
      control.client.send(
        new UpdateCommand({
          TableName: control.name,
          Key: controlKeys.owedErasure(tenantId, erasureId),
          UpdateExpression: 'SET #found = :found',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#found)',
          ExpressionAttributeNames: { '#found': 'found' },
          ExpressionAttributeValues: { ':found': counts[erasureId] ?? nothingOfShopper },
        }),
      ),
    );
  }
}

/**
 * Issues the certificate of an erasure, and forgets the shopper's id: from then on it is known by its hash alone. Repeating it changes nothing.
 */
export async function completeErasure(
  tables: TenantTables,
  tenantId: TenantId,
  owed: OwedErasure,
  facts: { readonly exportsWithdrawn: number; readonly retraining: string | null; readonly at: Date },
): Promise<void> {
  const { control, auditTable } = tables;
  const { erasureId, shopperHash, requestedAt, requestedBy, found = nothingOfShopper } = owed;
  const { at, exportsWithdrawn, retraining } = facts;
  const seconds = Math.floor(at.getTime() / 1000);
  const statement: Omit<ShopperCertificate, 'sha256'> = {
    erasureId,
    tenantId,
    shopperHash,
    requestedAt,
    completedAt: at.toISOString(),
    deleted: found,
    remaining: 0,
    exportsWithdrawn,
    retraining: found.archivedEvents > 0 ? retraining : null,
  };
  const certificate: ShopperCertificate = { ...statement, sha256: hashOf(statement) };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Delete: {
              TableName: control.name,
              Key: controlKeys.owedErasure(tenantId, erasureId),
              ConditionExpression: '#status = :running',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':running': 'running' },
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: {
                ...controlKeys.doneErasure(tenantId, erasureId),
                erasureId,
                requestedBy,
                certificate,
                expiresAt: seconds + certificateDays * DAY_SECONDS,
              },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.erasedShopper(tenantId, shopperHash),
              UpdateExpression: 'SET #open = :false, erasedAt = :at, expiresAt = :expiresAt',
              ExpressionAttributeNames: { '#open': 'open' },
              ExpressionAttributeValues: {
                ':false': false,
                ':at': at.toISOString(),
                ':expiresAt': seconds + lateDays * DAY_SECONDS,
              },
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.erasures(tenantId),
              UpdateExpression: 'ADD owed :less, waiting :less SET lateUntil = :late',
              ExpressionAttributeValues: {
                ':less': -1,
                ':late': new Date(at.getTime() + lateDays * DAY_SECONDS * 1000).toISOString(),
              },
            },
          },
          auditItem(auditTable, {
            tenantId,
            actor: eraser,
            action: 'shopper.erased',
            details: { erasureId, shopper: shopperHash, sha256: certificate.sha256 },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    // The answer of the first try was lost.
    if (cancellationCodes(error)?.[0] !== 'ConditionalCheckFailed') throw error;
  }
}

/** Notes why erasures of a run failed; what was erased stays erased, and asking again goes on. */
export async function failErasures(
  control: Table,
  tenantId: TenantId,
  erasures: readonly OwedErasure[],
  reason: string,
): Promise<void> {
  for (const { erasureId } of erasures) {
    try {
      await control.client.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Update: {
                TableName: control.name,
                Key: controlKeys.owedErasure(tenantId, erasureId),
                UpdateExpression: 'SET #status = :failed, reason = :reason',
                ConditionExpression: '#status IN (:running, :requested)',
                ExpressionAttributeNames: { '#status': 'status' },
                ExpressionAttributeValues: {
                  ':failed': 'failed',
                  ':running': 'running',
                  ':requested': 'requested',
                  ':reason': reason,
                },
              },
            },
            {
              Update: {
                TableName: control.name,
                Key: controlKeys.erasures(tenantId),
                UpdateExpression: 'ADD waiting :less',
                ExpressionAttributeValues: { ':less': -1 },
              },
            },
          ],
        }),
      );
    } catch (error) {
      if (isConditionFailure(error)) continue;
      if (cancellationCodes(error)?.[0] !== 'ConditionalCheckFailed') throw error;
    }
  }
}
