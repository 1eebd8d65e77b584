import type { Recommendation } from '@tenantry/core/contract/data-plane';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { answer } from '@tenantry/recommender/serving/answer';
import { createModelSource } from '@tenantry/recommender/serving/model-source';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { scopedDynamo } from '../scoped/dynamo.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { vendorFor } from '../scoped/vendor.ts';
import { createSiloClient, type SiloAddress, type SiloRequest } from '../silo-client.ts';

const environment = readEnvironment({
  CONTROL_TABLE: required,
  EVENTS_TABLE: required,
  RECOMMENDATIONS_TABLE: required,
  MODELS_BUCKET: required,
  /** How long a promoted model may take to be noticed. */
  MODEL_CHECK_SECONDS: z.coerce.number().default(15),
});
const SILO_KEPT_MS = 60_000;
const SILOS_MAX = 1000;

const vendor = vendorFor(['tenant-serving', 'tenant-control']);
const dynamo = scopedDynamo(vendor);
const s3 = scopedS3(vendor);
const models = createModelSource({
  bucket: environment.MODELS_BUCKET,
  bytesMax: 512 * 1024 * 1024,
  checkEveryMs: environment.MODEL_CHECK_SECONDS * 1000,
});
const askSilo = createSiloClient();
const silos = new Map<TenantId, { readonly address: SiloAddress; readonly until: number }>();

interface Scope {
  readonly tenantId: TenantId;
  readonly requestId: string;
}

async function siloOf(scope: Scope): Promise<SiloAddress> {
  const cached = silos.get(scope.tenantId);
  if (cached && cached.until > Date.now()) return cached.address;
  const control = { client: dynamo('tenant-control', scope), name: environment.CONTROL_TABLE };
  const { siloEndpoint, siloAccessToken } = await loadTenant(control, scope.tenantId);
  if (!siloEndpoint || !siloAccessToken) throw new Error('The silo has no endpoint yet.');
  const address = { ...siloEndpoint, accessToken: siloAccessToken };
  if (silos.size >= SILOS_MAX) silos.clear();
  silos.set(scope.tenantId, { address, until: Date.now() + SILO_KEPT_MS });
  return address;
}

async function fromPool(scope: Scope, request: SiloRequest): Promise<Recommendation> {
  const client = dynamo('tenant-serving', scope);
  const { recommendation, logged } = await answer(
    { tenantId: scope.tenantId, ...request },
    {
      events: { client, name: environment.EVENTS_TABLE },
      recommendations: { client, name: environment.RECOMMENDATIONS_TABLE },
      s3: s3('tenant-serving', scope),
      models,
      servedBy: 'pool',
    },
  );
  // The environment may be frozen once the response is out, so the log is written before. It is no reason to withhold the list.
  await logged.catch((error: unknown) => log.error('recommendation not logged', error));
  return recommendation;
}

/** The popular items of the tenant's own model, for when its silo does not answer. */
async function popular(scope: Scope, request: SiloRequest): Promise<Recommendation> {
  const model = await models.modelOf(scope.tenantId, s3('tenant-serving', scope));
  return {
    recommendationId: newId('recommendation'),
    modelVersion: model.version,
    servedBy: 'pool',
    items: [...model.rank({ ...request, history: [] })],
  };
}

async function fromSilo(scope: Scope, request: SiloRequest): Promise<Recommendation> {
  try {
    return await askSilo(await siloOf(scope), request);
  } catch (error) {
    silos.delete(scope.tenantId);
    log.error('silo did not answer', error);
    return popular(scope, request).catch((cause: unknown) => {
      throw new DomainError('unavailable', 'No recommendations at the moment; try again shortly.', {
        cause,
        retryAfterSeconds: 2,
      });
    });
  }
}

const serve = (isolation: 'pool' | 'silo', scope: Scope, request: SiloRequest): Promise<Recommendation> =>
  isolation === 'silo' ? fromSilo(scope, request) : fromPool(scope, request);

export const handler = createApi(
  'recommendations',
  { controlOf: (scope) => ({ client: dynamo('tenant-control', scope), name: environment.CONTROL_TABLE }) },
  {
    recommend: ({ actor: { tenantId }, keyTenant, body, requestId }) =>
      serve(keyTenant.isolation, { tenantId, requestId }, body),
    previewRecommendations: ({ tenant, body, requestId }) =>
      serve(tenant.isolation, { tenantId: tenant.tenantId, requestId }, body),
  },
);
