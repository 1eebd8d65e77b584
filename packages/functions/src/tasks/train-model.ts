import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readArchive } from '@tenantry/core/archive/archive';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { endTraining, modelKey, registerModel, servingKey } from '@tenantry/core/training/model-registry';
import { trainingActions } from '@tenantry/core/training/state-machine';
import { trainModel } from '@tenantry/recommender/training/train';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { scopedDynamo } from '../scoped/dynamo.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { vendorFor } from '../scoped/vendor.ts';

const environment = readEnvironment({ CONTROL_TABLE: required, ARCHIVE_BUCKET: required, MODELS_BUCKET: required });
const vendor = vendorFor(['tenant-training', 'tenant-control']);
const dynamo = scopedDynamo(vendor);
const s3 = scopedS3(vendor);

const inputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  trainingId: z.string(),
  action: z.enum(trainingActions),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});

type Input = z.infer<typeof inputSchema>;

/** Archive → model → one blob in the bucket → a row in the registry. The version is the training's id, so a repeat replaces itself. */
async function train({ tenantId, trainingId }: Input, requestId: string): Promise<{ version: string }> {
  const scope = { tenantId, requestId };
  const bucket = s3('tenant-training', scope);
  const archive = { client: bucket, bucket: environment.ARCHIVE_BUCKET };
  const { blob, events, items, algorithm } = await trainModel(readArchive(archive, tenantId), { version: trainingId });
  await bucket.send(
    new PutObjectCommand({
      Bucket: environment.MODELS_BUCKET,
      Key: modelKey(tenantId, trainingId),
      Body: blob,
      ContentType: 'application/octet-stream',
    }),
  );
  const control = { client: dynamo('tenant-control', scope), name: environment.CONTROL_TABLE };
  await registerModel(control, tenantId, {
    version: trainingId,
    createdAt: new Date().toISOString(),
    events,
    items,
    bytes: blob.byteLength,
    algorithm,
    sha256: createHash('sha256').update(blob).digest('hex'),
  });
  log.info('model trained', { version: trainingId, events, items, bytes: blob.byteLength });
  return { version: trainingId };
}

/** Names the model in the object that every recommender of the tenant looks at. */
async function promote({ tenantId, trainingId }: Input, requestId: string): Promise<{ version: string }> {
  const scope = { tenantId, requestId };
  const promotedAt = new Date();
  await s3('tenant-training', scope).send(
    new PutObjectCommand({
      Bucket: environment.MODELS_BUCKET,
      Key: servingKey(tenantId),
      Body: JSON.stringify({
        version: trainingId,
        key: modelKey(tenantId, trainingId),
        promotedAt: promotedAt.toISOString(),
      }),
      ContentType: 'application/json',
    }),
  );
  const control = { client: dynamo('tenant-control', scope), name: environment.CONTROL_TABLE };
  await endTraining(control, tenantId, trainingId, promotedAt, { servingVersion: trainingId });
  return { version: trainingId };
}

async function fail({ tenantId, trainingId, failure }: Input, requestId: string): Promise<{ version: null }> {
  const control = { client: dynamo('tenant-control', { tenantId, requestId }), name: environment.CONTROL_TABLE };
  const reason = reasonOf(failure ?? {});
  await endTraining(control, tenantId, trainingId, new Date(), { reason });
  return { version: null };
}

const actions = { train, promote, fail } as const;

/** The tasks of the training state machine. */
export const handler = (event: unknown, context: { awsRequestId: string }): Promise<{ version: string | null }> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    return actions[input.action](input, context.awsRequestId);
  });
