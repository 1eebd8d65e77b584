import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { auditItem } from '../audit/audit.ts';
import { type Phase, phaseSchema, startedBy, type TrainingRun } from '../contract/models.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table, wasTransacted, wasWritten } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { findModel } from './model-registry.ts';
import { endPhases } from './phases.ts';

const trainingRowSchema = z.object({
  trainingId: z.string(),
  status: z.enum(['running', 'succeeded', 'refused', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  /** The model that serves. */
  servingVersion: z.string().optional(),
  // Rows of before these were kept lack them.
  startedBy: z.enum(startedBy).default('hand'),
  phases: z.array(phaseSchema).default([]),
  /** How many events had ever been archived when it started: what came since is new. */
  archivedEvents: z.int().optional(),
});
export type Training = z.output<typeof trainingRowSchema>;

/** After this long a training that still says `running` was lost, and another may start. */
const TRAINING_MAX_MS = 3600 * 1000;

export const isRunning = ({ status, startedAt }: Training, now: Date): boolean =>
  status === 'running' && Date.parse(startedAt) > now.getTime() - TRAINING_MAX_MS;

export async function findTraining(control: Table, tenantId: TenantId): Promise<Training | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.training(tenantId), ConsistentRead: true }),
  );
  return Item && trainingRowSchema.parse(Item);
}

/** @throws {DomainError} `conflict` while another training of the tenant runs. */
export async function startTraining(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
  at: Date,
  by: Partial<Pick<Training, 'startedBy' | 'archivedEvents'>> = {},
): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: `SET trainingId = :id, #status = :running, startedAt = :at, startedBy = :by, phases = :none${
          by.archivedEvents === undefined ? '' : ', archivedEvents = :archived'
        } REMOVE endedAt, reason`,
        ConditionExpression: 'attribute_not_exists(pk) OR #status <> :running OR startedAt < :lost',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':id': trainingId,
          ':running': 'running',
          ':at': at.toISOString(),
          ':by': by.startedBy ?? 'hand',
          ':none': [],
          ':lost': new Date(at.getTime() - TRAINING_MAX_MS).toISOString(),
          ...(by.archivedEvents === undefined ? {} : { ':archived': by.archivedEvents }),
        },
      }),
    );
  } catch (error) {
    if (isConditionFailure(error)) {
      throw new DomainError('conflict', 'A training is already running; wait until it ends.', { cause: error });
    }
    throw error;
  }
}

/** Notes how far the training is, as long as it is the one that runs. */
export async function notePhases(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
  phases: readonly Phase[],
): Promise<void> {
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: 'SET phases = :phases',
        ConditionExpression: 'trainingId = :id AND #status = :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':id': trainingId, ':running': 'running', ':phases': phases },
      }),
    ),
  );
}

export type TrainingEnd =
  /** Its model serves. */
  | { readonly servingVersion: string }
  /** Why the gate held its model back. */
  | { readonly refusal: string }
  /** Why it failed. */
  | { readonly reason: string };

/**
 * Ends the training, unless another has started since, and puts it into the history. One that has ended stays as it is: what comes late is
 * about a lost answer.
 */
export async function endTraining(
  { control, auditTable }: { readonly control: Table; readonly auditTable: string },
  tenantId: TenantId,
  trainingId: string,
  at: Date,
  end: TrainingEnd,
): Promise<void> {
  const before = await findTraining(control, tenantId);
  if (before?.trainingId !== trainingId) return;
  if (before.status === 'running') {
    const [status, attribute, detail] =
      'servingVersion' in end
        ? ['succeeded', 'servingVersion', end.servingVersion]
        : 'refusal' in end
          ? ['refused', 'reason', end.refusal]
          : ['failed', 'reason', end.reason];
    const update = {
      TableName: control.name,
      Key: controlKeys.training(tenantId),
      UpdateExpression: `SET #status = :status, endedAt = :at, phases = :phases, ${attribute} = :detail`,
      ConditionExpression: 'trainingId = :id AND #status = :running',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':running': 'running',
        ':status': status,
        ':at': at.toISOString(),
        ':phases': endPhases(before.phases, at),
        ':detail': detail,
        ':id': trainingId,
      },
    };
    const entry = auditItem(auditTable, {
      tenantId,
      actor: { kind: 'system', name: 'training' },
      action: 'servingVersion' in end ? 'model.promoted' : 'training.failed',
      details: 'servingVersion' in end ? { version: end.servingVersion } : { trainingId, status, reason: detail },
      at,
    });
    await wasTransacted(control.client.send(new TransactWriteCommand({ TransactItems: [{ Update: update }, entry] })));
  }
  await noteRun(control, tenantId, trainingId);
}

const RUNS_KEPT_SECONDS = 183 * 86_400;

/** Written from the row of the training that has ended, so that doing so again changes nothing. */
async function noteRun(control: Table, tenantId: TenantId, trainingId: string): Promise<void> {
  const ended = await findTraining(control, tenantId);
  if (ended?.trainingId !== trainingId || ended.status === 'running' || !ended.endedAt) return;
  const model = ended.status === 'failed' ? undefined : await findModel(control, tenantId, trainingId);
  const run: TrainingRun = {
    trainingId,
    status: ended.status,
    startedBy: ended.startedBy,
    startedAt: ended.startedAt,
    endedAt: ended.endedAt,
    reason: ended.reason ?? null,
    phases: ended.phases,
    servingVersion: ended.servingVersion ?? null,
    events: model?.events ?? null,
    quality: model?.quality ?? null,
    comparison: model?.comparison ?? null,
  };
  await control.client.send(
    new PutCommand({
      TableName: control.name,
      Item: {
        ...controlKeys.trainingRun(tenantId, trainingId),
        ...run,
        expiresAt: Math.floor(Date.parse(ended.endedAt) / 1000) + RUNS_KEPT_SECONDS,
      },
    }),
  );
}
