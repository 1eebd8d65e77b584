import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { hopelessExitCode } from '@tenantry/core/silo/training-job';
import { advance } from '@tenantry/core/training/phases';
import { reportKey, type TrainingReport } from '@tenantry/core/training/report';
import * as z from 'zod';
import { makeModel } from './make-model.ts';
import { NothingToTrainOn } from './train.ts';

/**
 * The process of a training in a silo: it makes one model and ends. Its credentials come from EKS Pod Identity; they read this tenant's archive
 * and write its models and this training's report, and nothing else. Whoever stops the training takes the pod away.
 */
const environment = z
  .object({
    TENANT_ID: z.custom<TenantId>(isTenantId, 'must be a tenant id'),
    /** Names the training, and the model that it makes. */
    TRAINING_ID: z.string().min(1),
    ARCHIVE_BUCKET: z.string().min(1),
    MODELS_BUCKET: z.string().min(1),
    /** What serves, and the trained model behind it with its hash; not there where nothing serves yet. */
    SERVING_VERSION: z.string().optional(),
    BASE_VERSION: z.string().optional(),
    BASE_SHA256: z.string().optional(),
  })
  .parse(process.env);

const { TENANT_ID: tenantId, TRAINING_ID: trainingId, SERVING_VERSION: serving } = environment;
const { BASE_VERSION: version, BASE_SHA256: sha256 } = environment;
const opponent = serving ? { version: serving, base: version && sha256 ? { version, sha256 } : undefined } : undefined;
const client = new S3Client({});
const models = { client, bucket: environment.MODELS_BUCKET };

const write = (level: string, message: string, details: Record<string, unknown> = {}): void => {
  const line = { time: new Date().toISOString(), level, message, tenantId, trainingId, ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

let told: TrainingReport = { phases: [], problem: null, model: null };
async function tell(news: Partial<TrainingReport>): Promise<void> {
  told = { ...told, ...news };
  await client.send(
    new PutObjectCommand({
      Bucket: models.bucket,
      Key: reportKey(tenantId, trainingId),
      Body: JSON.stringify(told),
      ContentType: 'application/json',
    }),
  );
}

// The first process of a container is not ended by a signal that it does not mind.
process.once('SIGTERM', () => process.exit(143));

try {
  const model = await makeModel(
    { archive: { client, bucket: environment.ARCHIVE_BUCKET }, models },
    { tenantId, trainingId, opponent },
    {
      note: (step) => tell({ phases: [...advance(told.phases, step, new Date())] }),
      assertWritable: async () => undefined,
    },
  );
  await tell({ model });
  write('info', 'model trained', { events: model.events, items: model.items, bytes: model.bytes });
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  write('error', 'training failed', { error: error instanceof Error ? error.name : 'unknown', reason: problem });
  // Where the report cannot be written either, the exit code is all that is told.
  await tell({ problem }).catch(() => undefined);
  process.exitCode = error instanceof NothingToTrainOn ? hopelessExitCode : 1;
}
