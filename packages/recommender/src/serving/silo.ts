import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { createShopperMemory } from '@tenantry/core/shoppers/registry';
import { accessTokenVariable } from '@tenantry/core/silo/names';
import * as z from 'zod';
import { createCatalogueSource } from './catalogue-source.ts';
import { createSiloServer } from './http-server.ts';
import { createCandidateSource, createModelSource } from './model-source.ts';
import { createLogBuffer, writeLog } from './recommendation-log.ts';

/**
 * The process in a silo's pod. Its credentials come from EKS Pod Identity and reach this tenant's data only. On SIGTERM
 * it stops taking requests and ends when the last one is answered.
 */
const environment = z
  .object({
    TENANT_ID: z.custom<TenantId>(isTenantId, 'must be a tenant id'),
    /** Of the recommender; the pod's manifest names it. */
    VERSION: z.string().default('unknown'),
    EVENTS_TABLE: z.string().min(1),
    RECOMMENDATIONS_TABLE: z.string().min(1),
    SHOPPERS_TABLE: z.string().min(1),
    MODELS_BUCKET: z.string().min(1),
    [accessTokenVariable]: z.string().min(32),
    PORT: z.coerce.number().int().default(8080),
    /** Where it listens; everywhere in a pod, whose network policies say who may connect. */
    HOST: z.string().default('::'),
    MODEL_MEMORY_BYTES: z.coerce
      .number()
      .int()
      .default(512 * 1024 * 1024),
    CATALOGUE_MEMORY_BYTES: z.coerce
      .number()
      .int()
      .default(128 * 1024 * 1024),
    /** How long a promoted model, and a change of the catalogue, may take to be noticed. */
    MODEL_CHECK_SECONDS: z.coerce.number().default(5),
  })
  .parse(process.env);

const client = DynamoDBDocumentClient.from(
  // What hangs is given up, so that requests do not pile up behind it.
  new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
  }),
  {
    marshallOptions: { removeUndefinedValues: true },
  },
);

const write = (level: string, message: string, details: Record<string, unknown> = {}): void => {
  const line = { time: new Date().toISOString(), level, message, tenantId: environment.TENANT_ID, ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const onError = (message: string, error: unknown): void =>
  write('error', message, error instanceof Error ? { error: error.name, reason: error.message } : {});

const objects = {
  bucket: environment.MODELS_BUCKET,
  checkEveryMs: environment.MODEL_CHECK_SECONDS * 1000,
};
const notLoaded = (what: string) => (error: unknown) => onError(`${what} not loaded`, error);

const logTables = {
  recommendations: { client, name: environment.RECOMMENDATIONS_TABLE },
  shoppers: { client, name: environment.SHOPPERS_TABLE },
  memory: createShopperMemory(),
};
const buffer = createLogBuffer((rows) => writeLog(logTables, rows));

const server = createSiloServer({
  tenantId: environment.TENANT_ID,
  accessToken: environment[accessTokenVariable],
  version: environment.VERSION,
  sources: {
    events: { client, name: environment.EVENTS_TABLE },
    log: (row) => buffer.write(row),
    s3: new S3Client({}),
    models: createModelSource({ ...objects, bytesMax: environment.MODEL_MEMORY_BYTES, onError: notLoaded('model') }),
    candidates: createCandidateSource({
      ...objects,
      bytesMax: environment.MODEL_MEMORY_BYTES / 2,
      onError: notLoaded('candidate'),
    }),
    catalogues: createCatalogueSource({
      ...objects,
      bytesMax: environment.CATALOGUE_MEMORY_BYTES,
      onError: notLoaded('catalogue'),
    }),
    servedBy: 'silo',
  },
  onError,
  isBehind: buffer.isFull,
});

server.listen(environment.PORT, environment.HOST, () => write('info', 'listening', { port: environment.PORT }));
process.once('SIGTERM', () => {
  write('info', 'stopping');
  server.close(async () => {
    await buffer.flush();
    process.exit(0);
  });
  // A connection whose last answer goes out later would be kept like any other.
  setInterval(() => server.closeIdleConnections(), 100);
});
