import { DeleteCommand, GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Actor, actorName } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table, wasTransacted } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { exportDays } from './retention.ts';
import { exportSecondsMax } from './state-machine.ts';

/** As many of a tenant are kept; older ones are deleted when a new one ends. */
export const exportsKept = 10;

const DAY_SECONDS = 86_400;
const LOST_REASON = 'It took too long.';

const exportRowSchema = z.object({
  exportId: z.string(),
  status: z.enum(['running', 'succeeded', 'failed']),
  requestedAt: z.string(),
  requestedBy: z.string(),
  /** Seconds since the epoch: when files and row are deleted. */
  expiresAt: z.int(),
  /** How far it is, in per cent. */
  progress: z.int(),
  endedAt: z.string().optional(),
  files: z.int().optional(),
  bytes: z.int().optional(),
  reason: z.string().optional(),
});
export type TenantExport = z.infer<typeof exportRowSchema>;

/** Reads a row. What still runs after the longest time that an execution may take was lost. */
function parseExport(row: unknown, at: Date): TenantExport {
  const found = exportRowSchema.parse(row);
  const lost = found.status === 'running' && Date.parse(found.requestedAt) + exportSecondsMax * 1000 < at.getTime();
  return lost ? { ...found, status: 'failed', reason: LOST_REASON } : found;
}

/** What the API shows of an export. */
export const exportView = (one: TenantExport) => ({
  id: one.exportId,
  status: one.status,
  requestedAt: one.requestedAt,
  requestedBy: one.requestedBy,
  expiresAt: new Date(one.expiresAt * 1000).toISOString(),
  progress: one.progress,
  endedAt: one.endedAt ?? null,
  files: one.files ?? null,
  bytes: one.bytes ?? null,
  reason: one.reason ?? null,
});

async function runningExport(control: Table, tenantId: TenantId): Promise<string> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.newestExport(tenantId), ConsistentRead: true }),
  );
  return String(Item?.exportId ?? '');
}

/**
 * Registers an export that begins, with its audit entry.
 * @throws {DomainError} `conflict`, naming the export that runs, while there is one; and while shoppers are erased
 */
export async function beginExport(
  tables: { readonly control: Table; readonly auditTable: string },
  tenantId: TenantId,
  exportId: string,
  context: { readonly actor: Actor; readonly at: Date },
): Promise<TenantExport> {
  const { control, auditTable } = tables;
  const { actor, at } = context;
  const requestedAt = at.toISOString();
  const expiresAt = Math.floor(at.getTime() / 1000) + exportDays * DAY_SECONDS;
  const begun: TenantExport = {
    exportId,
    status: 'running',
    requestedAt,
    requestedBy: actorName(actor),
    expiresAt,
    progress: 0,
  };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.newestExport(tenantId),
              UpdateExpression: 'SET exportId = :id, #status = :running, requestedAt = :at, expiresAt = :expiresAt',
              ConditionExpression: 'attribute_not_exists(pk) OR #status <> :running OR requestedAt < :lost',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: {
                ':id': exportId,
                ':running': 'running',
                ':at': requestedAt,
                ':expiresAt': expiresAt,
                ':lost': new Date(at.getTime() - exportSecondsMax * 1000).toISOString(),
              },
            },
          },
          { Put: { TableName: control.name, Item: { ...controlKeys.export(tenantId, exportId), ...begun } } },
          // What is written while shoppers are erased might hold them.
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.erasures(tenantId),
              ConditionExpression: 'attribute_not_exists(runId)',
            },
          },
          auditItem(auditTable, { tenantId, actor, action: 'tenant.exported', details: { exportId }, at }),
        ],
      }),
    );
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes) throw error;
    if (codes[2] === 'ConditionalCheckFailed') {
      throw new DomainError('conflict', 'Shoppers are being erased; export when that is done.', { cause: error });
    }
    const running = await runningExport(control, tenantId);
    throw new DomainError('conflict', `The export ${running} is still running; wait until it ends.`, { cause: error });
  }
  return begun;
}

/** Newest first; those whose files are gone are left out. */
export async function listExports(control: Table, tenantId: TenantId, at: Date): Promise<readonly TenantExport[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.export(tenantId, '').pk, ':prefix': 'EXPORT#' },
      ScanIndexForward: false,
      ConsistentRead: true,
    }),
  );
  return Items.map((row) => parseExport(row, at)).filter(({ expiresAt }) => expiresAt * 1000 > at.getTime());
}

/** @throws {DomainError} `not_found` */
export async function loadExport(
  control: Table,
  tenantId: TenantId,
  exportId: string,
  at: Date,
): Promise<TenantExport> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.export(tenantId, exportId), ConsistentRead: true }),
  );
  const found = Item && parseExport(Item, at);
  if (!found || found.expiresAt * 1000 <= at.getTime()) {
    throw new DomainError('not_found', 'There is no such export, or its files were deleted.');
  }
  return found;
}

const ignoringCondition = (error: unknown): void => {
  if (!isConditionFailure(error)) throw error;
};

/** Says how far a running export is. */
export async function recordProgress(
  control: Table,
  tenantId: TenantId,
  exportId: string,
  progress: number,
): Promise<void> {
  await control.client
    .send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.export(tenantId, exportId),
        UpdateExpression: 'SET progress = :progress',
        ConditionExpression: '#status = :running AND progress < :progress',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':progress': progress, ':running': 'running' },
      }),
    )
    .catch(ignoringCondition);
}

/** Ends a running export and lets another begin; one that has ended stays as it ended. That its files are ready is in the audit log. */
export async function endExport(
  { control, auditTable }: { readonly control: Table; readonly auditTable: string },
  tenantId: TenantId,
  exportId: string,
  at: Date,
  result: { readonly files: number; readonly bytes: number } | { readonly reason: string },
): Promise<void> {
  const status = 'reason' in result ? 'failed' : 'succeeded';
  const fields = { endedAt: at.toISOString(), ...result, ...(status === 'succeeded' ? { progress: 100 } : {}) };
  const end = (Key: { pk: string; sk: string }, set: object, condition: string, values: object) => ({
    TableName: control.name,
    Key,
    UpdateExpression: `SET #status = :status${Object.keys(set)
      .map((field) => `, #${field} = :${field}`)
      .join('')}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: {
      '#status': 'status',
      ...Object.fromEntries(Object.keys(set).map((field) => [`#${field}`, field])),
    },
    ExpressionAttributeValues: {
      ':status': status,
      ...values,
      ...Object.fromEntries(Object.entries(set).map(([field, value]) => [`:${field}`, value])),
    },
  });
  const ready =
    'files' in result
      ? [
          auditItem(auditTable, {
            tenantId,
            actor: { kind: 'system', name: 'export' },
            action: 'tenant.export.ready',
            details: { exportId, files: result.files, bytes: result.bytes },
            at,
          }),
        ]
      : [];
  const Update = end(controlKeys.export(tenantId, exportId), fields, '#status = :running', { ':running': 'running' });
  await wasTransacted(control.client.send(new TransactWriteCommand({ TransactItems: [{ Update }, ...ready] })));
  const newest = end(controlKeys.newestExport(tenantId), {}, 'exportId = :id', { ':id': exportId });
  await control.client.send(new UpdateCommand(newest)).catch(ignoringCondition);
}

/** Says of an export whose files are deleted, or must not be written, why; whether it runs or has ended. */
export async function withdrawExport(
  control: Table,
  tenantId: TenantId,
  exportId: string,
  at: Date,
  reason: string,
): Promise<void> {
  const set = (Key: { pk: string; sk: string }, expression: string, condition: string, values: object) =>
    control.client
      .send(
        new UpdateCommand({
          TableName: control.name,
          Key,
          UpdateExpression: `SET #status = :failed${expression}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':failed': 'failed', ...values },
        }),
      )
      .catch(ignoringCondition);
  await set(
    controlKeys.export(tenantId, exportId),
    ', endedAt = :at, reason = :reason REMOVE files, bytes',
    'attribute_exists(pk)',
    { ':at': at.toISOString(), ':reason': reason },
  );
  await set(controlKeys.newestExport(tenantId), '', 'exportId = :id', { ':id': exportId });
}

export async function forgetExport(control: Table, tenantId: TenantId, exportId: string): Promise<void> {
  await control.client.send(
    new DeleteCommand({ TableName: control.name, Key: controlKeys.export(tenantId, exportId) }),
  );
}
