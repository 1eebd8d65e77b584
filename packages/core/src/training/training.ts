import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
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

const RUNS_KEPT_SECONDS = 183 * 86_400;

/**
 * Ends the training, unless another has started since, and puts it into the history, both in one transaction. One that has ended stays as
 * it is: what comes late is about a lost answer.
 */
export async function endTraining(
  { control, auditTable }: { readonly control: Table; readonly auditTable: string },
  tenantId: TenantId,
  trainingId: string,
  at: Date,
  end: TrainingEnd,
): Promise<void> {
  const training = await findTraining(control, tenantId);
  if (training?.trainingId !== trainingId || training.status !== 'running') return;
  const model = 'reason' in end ? undefined : await findModel(control, tenantId, trainingId);
  const run: TrainingRun = {
    trainingId,
    status: 'servingVersion' in end ? 'succeeded' : 'refusal' in end ? 'refused' : 'failed',
    startedBy: training.startedBy,
    startedAt: training.startedAt,
    endedAt: at.toISOString(),
    reason: 'reason' in end ? end.reason : 'refusal' in end ? end.refusal : null,
    phases: [...endPhases(training.phases, at)],
    servingVersion: 'servingVersion' in end ? end.servingVersion : (training.servingVersion ?? null),
    events: model?.events ?? null,
    quality: model?.quality ?? null,
    comparison: model?.comparison ?? null,
  };
  const detail = run.reason === null ? 'servingVersion = :serving' : 'reason = :reason';
  await wasTransacted(
    control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.training(tenantId),
              UpdateExpression: `SET #status = :status, endedAt = :at, phases = :phases, ${detail}`,
              ConditionExpression: 'trainingId = :id AND #status = :running',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: {
                ':id': trainingId,
                ':running': 'running',
                ':status': run.status,
                ':at': run.endedAt,
                ':phases': run.phases,
                ...(run.reason === null ? { ':serving': run.servingVersion } : { ':reason': run.reason }),
              },
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: {
                ...controlKeys.trainingRun(tenantId, trainingId),
                ...run,
                expiresAt: Math.floor(at.getTime() / 1000) + RUNS_KEPT_SECONDS,
              },
            },
          },
          auditItem(auditTable, {
            tenantId,
            actor: { kind: 'system', name: 'training' },
            ...(run.reason === null
              ? { action: 'model.promoted', details: { version: trainingId } }
              : { action: 'training.failed', details: { trainingId, status: run.status, reason: run.reason } }),
            at,
          }),
        ],
      }),
    ),
  );
}
