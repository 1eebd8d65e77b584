import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { comparisonSchema, madeBy, modelQualitySchema, windowSchema } from '../contract/models.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

export const modelRowSchema = z.object({
  version: z.string(),
  createdAt: z.string(),
  events: z.int(),
  items: z.int(),
  bytes: z.int(),
  algorithm: z.string(),
  sha256: z.string(),
  /** Unknown where there were too few events to tell. */
  quality: modelQualitySchema.optional(),
  // Rows of before these were kept lack them.
  madeBy: z.enum(madeBy).default('training'),
  /** Of a merge: the trained model whose network it has. */
  base: z.string().optional(),
  window: windowSchema.optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  comparison: comparisonSchema.optional(),
});
export type RegisteredModel = z.output<typeof modelRowSchema>;

/** @throws {z.ZodError} when the row is none of ours */
export const parseModelRow = (row: unknown): RegisteredModel => modelRowSchema.parse(row);

/** Where a model's blob lies in the models bucket. */
export const modelKey = (tenantId: TenantId, version: string): string => `models/${tenantId}/${version}/model.bin`;
/** Beside it: which files of the archive it was made of. */
export const takenKey = (tenantId: TenantId, version: string): string => `models/${tenantId}/${version}/taken.json`;
/** The small object that names the version that serves; the recommender looks at it by its ETag. */
export const servingKey = (tenantId: TenantId): string => `models/${tenantId}/serving/current.json`;
export const servingSchema = z.object({
  version: z.string(),
  key: z.string(),
  /** Of the blob, in hexadecimal. */
  sha256: z.string(),
  promotedAt: z.string(),
  /** What served before: for recommenders that start while the file of this one is not what was promoted. */
  previous: z.object({ version: z.string(), sha256: z.string() }).optional(),
});
export type Serving = z.infer<typeof servingSchema>;

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
  return Item && parseModelRow(Item);
}

/** More than any tier keeps, with the merges beside them. */
const LISTED_MAX = 100;

/** Newest first. */
export async function listModels(control: Table, tenantId: TenantId): Promise<readonly RegisteredModel[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': controlKeys.model(tenantId, '').pk, ':prefix': 'MODEL#' },
      ScanIndexForward: false,
      Limit: LISTED_MAX,
      ConsistentRead: true,
    }),
  );
  return Items.map(parseModelRow);
}
