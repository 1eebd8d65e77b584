import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Archive } from '../archive/archive.ts';
import { phaseSchema } from '../contract/models.ts';
import type { TenantId } from '../ids/id.ts';
import { readObject } from '../s3/read-object.ts';
import { modelRowSchema } from './model-registry.ts';

/** Where a training that runs in a silo says how far it is: its pod reaches no table, and this is all that is told of it. */
export const reportKey = (tenantId: TenantId, trainingId: string): string =>
  `models/${tenantId}/training/${trainingId}.json`;

export const reportSchema = z.object({
  /** So far, of this attempt. */
  phases: z.array(phaseSchema),
  /** Why this attempt failed. */
  problem: z.string().nullable(),
  /** What was made: its files are stored, and nobody knows of it yet. */
  model: modelRowSchema.nullable(),
});
export type TrainingReport = z.output<typeof reportSchema>;

/** @throws {z.ZodError} for a report of another program */
export async function readReport(
  models: Archive,
  tenantId: TenantId,
  trainingId: string,
): Promise<TrainingReport | undefined> {
  const found = await readObject(models.client, models.bucket, reportKey(tenantId, trainingId));
  return typeof found === 'string' ? undefined : reportSchema.parse(JSON.parse(new TextDecoder().decode(found.body)));
}

export async function forgetReport({ client, bucket }: Archive, tenantId: TenantId, trainingId: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: reportKey(tenantId, trainingId) }));
}
