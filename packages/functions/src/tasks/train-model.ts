import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { readArchive } from '@tenantry/core/archive/archive';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { servedStatuses } from '@tenantry/core/tenant/status';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { endTraining, findModel, findTraining, modelKey, registerModel } from '@tenantry/core/training/model-registry';
import { gateRefusal, pointTo } from '@tenantry/core/training/promotion';
import { forgetOldModels } from '@tenantry/core/training/retention';
import { trainingActions } from '@tenantry/core/training/state-machine';
import { meterTraining } from '@tenantry/core/usage/training-minutes';
import { trainModel } from '@tenantry/recommender/training/train';
import { z } from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const scopeOf = createScope('tasks/train-model', { s3: scopedS3 });
type Stores = Scoped<'tasks/train-model'>;

const inputSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  trainingId: z.string(),
  action: z.enum(trainingActions),
  failure: z.looseObject({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});

type Input = z.infer<typeof inputSchema>;

/** A training may outlive the reason for it: a tenant that is not served any more gets no model. */
async function servedTenant({ tenantId }: Input, { 'tenant-member': { Control } }: Stores): Promise<Tenant> {
  const tenant = await loadTenant(Control, tenantId);
  if (!(servedStatuses as readonly string[]).includes(tenant.status))
    throw new Error(`The company is ${tenant.status}.`);
  return tenant;
}

/** Archive → model → one blob in the bucket → a row in the registry. The version is the training's id, so a repeat replaces itself. */
async function train(input: Input, stores: Stores): Promise<{ version: string }> {
  await servedTenant(input, stores);
  const { tenantId, trainingId } = input;
  const { Archive, Models } = stores['tenant-training'];
  const { blob, events, items, algorithm, metrics } = await trainModel(readArchive(Archive, tenantId), {
    version: trainingId,
  });
  await Models.client.send(
    new PutObjectCommand({
      Bucket: Models.bucket,
      Key: modelKey(tenantId, trainingId),
      Body: blob,
      ContentType: 'application/octet-stream',
    }),
  );
  await registerModel(stores['tenant-models'].Control, tenantId, {
    version: trainingId,
    createdAt: new Date().toISOString(),
    events,
    items,
    bytes: blob.byteLength,
    algorithm,
    sha256: createHash('sha256').update(blob).digest('hex'),
    quality: metrics,
  });
  log.info('model trained', { version: trainingId, events, items, bytes: blob.byteLength });
  return { version: trainingId };
}

/** Lets the model serve, unless it is worse than the one that does. */
async function promote(input: Input, stores: Stores): Promise<{ version: string | null }> {
  const { tier } = await servedTenant(input, stores);
  const { tenantId, trainingId } = input;
  const control = stores['tenant-models'].Control;
  const model = await findModel(control, tenantId, trainingId);
  if (!model) throw new Error('The model is not registered.');
  const serving = (await findTraining(control, tenantId))?.servingVersion;
  const refusal =
    serving === undefined || serving === trainingId
      ? undefined
      : gateRefusal(model, await findModel(control, tenantId, serving));
  const at = new Date();
  await meterTraining({ control, usage: stores['tenant-evidence'].Usage }, tenantId, trainingId, at);
  const { Control, Models } = stores['tenant-training'];
  const forget = (nowServing: string | undefined) =>
    forgetOldModels({ control: Control, models: Models }, tenantId, {
      keep: tierCatalogue[tier].limits.models,
      serving: nowServing,
    });
  if (refusal) {
    await forget(serving);
    await endTraining(control, tenantId, trainingId, at, { reason: refusal });
    return { version: null };
  }
  await pointTo(Models, tenantId, model, at);
  await forget(trainingId);
  await endTraining(control, tenantId, trainingId, at, { servingVersion: trainingId });
  return { version: trainingId };
}

async function fail({ tenantId, trainingId, failure }: Input, stores: Stores): Promise<{ version: null }> {
  const reason = reasonOf(failure ?? {});
  await endTraining(stores['tenant-models'].Control, tenantId, trainingId, new Date(), { reason });
  return { version: null };
}

const actions = { train, promote, fail } as const;

/** The tasks of the training state machine. */
export const handler = (event: unknown, context: { awsRequestId: string }): Promise<{ version: string | null }> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    return actions[input.action](input, scopeOf({ tenantId: input.tenantId, requestId: context.awsRequestId }));
  });
