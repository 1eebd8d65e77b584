import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { modelQualitySchema } from '../contract/tenant.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';

const modelRowSchema = z.object({
  version: z.string(),
  createdAt: z.string(),
  events: z.int(),
  items: z.int(),
  bytes: z.int(),
  algorithm: z.string(),
  sha256: z.string(),
  /** Unknown where there were too few events to tell. */
  quality: modelQualitySchema.optional(),
});
export type RegisteredModel = z.infer<typeof modelRowSchema>;

const trainingRowSchema = z.object({
  trainingId: z.string(),
  status: z.enum(['running', 'succeeded', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  /** The model that serves. */
  servingVersion: z.string().optional(),
});
export type Training = z.infer<typeof trainingRowSchema>;

/** After this long a training that still says `running` was lost, and another may start. */
const TRAINING_MAX_MS = 3600 * 1000;

/** Where a model's blob lies in the models bucket. */
export const modelKey = (tenantId: TenantId, version: string): string => `models/${tenantId}/${version}/model.bin`;
/** The small object that names the version that serves; the recommender looks at it by its ETag. */
export const servingKey = (tenantId: TenantId): string => `models/${tenantId}/serving/current.json`;
export const servingSchema = z.object({
  version: z.string(),
  key: z.string(),
  /** Of the blob, in hexadecimal. */
  sha256: z.string(),
  promotedAt: z.string(),
});
export type Serving = z.infer<typeof servingSchema>;

export async function findTraining(control: Table, tenantId: TenantId): Promise<Training | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.training(tenantId), ConsistentRead: true }),
  );
  return Item && trainingRowSchema.parse(Item);
}

/** @throws {DomainError} `conflict` while another training of the tenant runs. */
export async function startTraining(control: Table, tenantId: TenantId, trainingId: string, at: Date): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: 'SET trainingId = :id, #status = :running, startedAt = :at REMOVE endedAt, reason',
        ConditionExpression: 'attribute_not_exists(pk) OR #status <> :running OR startedAt < :lost',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':id': trainingId,
          ':running': 'running',
          ':at': at.toISOString(),
          ':lost': new Date(at.getTime() - TRAINING_MAX_MS).toISOString(),
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

/** Ends the training, unless another has started since. One that has ended stays as it is: what comes late is about a lost answer. */
export async function endTraining(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
  at: Date,
  result: { readonly servingVersion: string } | { readonly reason: string },
): Promise<void> {
  const succeeded = 'servingVersion' in result;
  await control.client
    .send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.training(tenantId),
        UpdateExpression: `SET #status = :status, endedAt = :at, ${succeeded ? 'servingVersion' : 'reason'} = :detail`,
        ConditionExpression: 'trainingId = :id AND #status = :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':running': 'running',
          ':status': succeeded ? 'succeeded' : 'failed',
          ':at': at.toISOString(),
          ':detail': succeeded ? result.servingVersion : result.reason,
          ':id': trainingId,
        },
      }),
    )
    .catch((error: unknown) => {
      if (!isConditionFailure(error)) throw error;
    });
}

export async function registerModel(control: Table, tenantId: TenantId, model: RegisteredModel): Promise<void> {
  await control.client.send(
    new PutCommand({ TableName: control.name, Item: { ...controlKeys.model(tenantId, model.version), ...model } }),
  );
}

export async function findModel(
  control: Table,
  tenantId: TenantId,
  version: string,
): Promise<RegisteredModel | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.model(tenantId, version), ConsistentRead: true }),
  );
  return Item && modelRowSchema.parse(Item);
}

/** Newest first, the last 50. */
export async function listModels(control: Table, tenantId: TenantId): Promise<readonly RegisteredModel[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.model(tenantId, '').pk, ':prefix': 'MODEL#' },
      ScanIndexForward: false,
      Limit: 50,
      ConsistentRead: true,
    }),
  );
  return z.array(modelRowSchema).parse(Items);
}
