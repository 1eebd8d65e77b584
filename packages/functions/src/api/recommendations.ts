import type { Recommendation, RecommendationRequest } from '@tenantry/core/contract/recommendation';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { readHistory } from '@tenantry/core/events/store';
import { recordFault } from '@tenantry/core/health/faults';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { TenantForgottenError } from '@tenantry/core/isolation/credentials';
import type { RuleSet } from '@tenantry/core/rules/store';
import { recentShoppers } from '@tenantry/core/shoppers/recent';
import { createShopperMemory } from '@tenantry/core/shoppers/registry';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { answer, historyEvents } from '@tenantry/recommender/serving/answer';
import { createCatalogueSource } from '@tenantry/recommender/serving/catalogue-source';
import { within } from '@tenantry/recommender/serving/deadline';
import { listPage } from '@tenantry/recommender/serving/list';
import { createCandidateSource, createModelSource } from '@tenantry/recommender/serving/model-source';
import { writeLog } from '@tenantry/recommender/serving/recommendation-log';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { createSiloClient, type SiloAddress } from '../silo-client.ts';

const environment = readEnvironment({
  MODELS_BUCKET: required,
  /** How long a promoted model, and a change of the catalogue, may take to be noticed. */
  MODEL_CHECK_SECONDS: z.coerce.number().default(15),
});
/** A shopper waits no longer for the pool: history, model and catalogue together, a large model in a new environment included. The SDK waits five seconds. */
const DEADLINE_MS = 4000;
const RETRY_AFTER_SECONDS = 2;
/** Nor for its fault to be counted. */
const COUNTED_MS = 500;
const SILO_KEPT_MS = 30_000;
const SILOS_MAX = 1000;

const objects = { bucket: environment.MODELS_BUCKET, checkEveryMs: environment.MODEL_CHECK_SECONDS * 1000 };
const notLoaded = (what: string) => (error: unknown, tenantId: TenantId) =>
  log.error(`${what} not loaded`, error, { tenantId });
const models = createModelSource({ ...objects, bytesMax: 512 * 1024 * 1024, onError: notLoaded('model') });
const candidates = createCandidateSource({
  ...objects,
  bytesMax: 256 * 1024 * 1024,
  onError: notLoaded('candidate'),
});
const catalogues = createCatalogueSource({
  ...objects,
  bytesMax: 256 * 1024 * 1024,
  onError: notLoaded('catalogue'),
});
const askSilo = createSiloClient();
const memory = createShopperMemory();
const silos = new Map<TenantId, { readonly address: SiloAddress; readonly until: number }>();

type Stores = Scoped<'api/recommendations'>;

async function siloOf(tenantId: TenantId, { 'tenant-member': { Control } }: Stores): Promise<SiloAddress> {
  const cached = silos.get(tenantId);
  if (cached && cached.until > Date.now()) return cached.address;
  const { siloEndpoint, siloAccessToken } = await loadTenant(Control, tenantId);
  if (!siloEndpoint || !siloAccessToken) throw new Error('The silo has no endpoint yet.');
  const address = { ...siloEndpoint, accessToken: siloAccessToken };
  if (silos.size >= SILOS_MAX) silos.clear();
  silos.set(tenantId, { address, until: Date.now() + SILO_KEPT_MS });
  return address;
}

/**
 * The environment answers one shopper at a time, so what limits a crowd is the number of environments. What each waits for is limited here.
 * @throws {DomainError} `unavailable`, with when to come again, where the stores do not answer or not in time
 */
async function fromPool(tenantId: TenantId, stores: Stores, request: RecommendationRequest): Promise<Recommendation> {
  const { Events, Recommendations, Shoppers, Models } = stores['tenant-serving'];
  const ranked = answer(
    { tenantId, ...request },
    {
      events: Events,
      log: (row) => writeLog({ recommendations: Recommendations, shoppers: Shoppers, memory }, [row]),
      s3: Models.client,
      models,
      candidates,
      catalogues,
      servedBy: 'pool',
    },
  );
  const { recommendation, logged } = await within(DEADLINE_MS, ranked).catch(unavailable);
  // The environment may be frozen once the response is out, so the log is written before. It is no reason to withhold the list.
  await within(DEADLINE_MS, logged).catch((error: unknown) => log.error('recommendation not logged', error));
  return recommendation;
}

/** @throws always: what callers are told of is told as it is, anything else as something that passes */
function unavailable(cause: unknown): never {
  if (cause instanceof DomainError || cause instanceof TenantForgottenError) throw cause;
  throw new DomainError('unavailable', 'No recommendations at the moment; try again shortly.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The list as the tenant's own model makes it for a shopper of whom nothing is known, for when its silo does not answer. */
async function withoutHistory(
  tenantId: TenantId,
  stores: Stores,
  request: RecommendationRequest,
): Promise<Recommendation> {
  const { client } = stores['tenant-serving'].Models;
  const [model, catalogue] = await Promise.all([
    models.modelOf(tenantId, client),
    catalogues.catalogueOf(tenantId, client),
  ]);
  const page = listPage(request, { history: [], model, catalogue, now: new Date() });
  return { recommendationId: newId('recommendation'), servedBy: 'pool', ...page };
}

/** What could not be answered as it should have been is counted for staff; when even that fails, the log still tells. */
const countFault = (tenantId: TenantId, { 'tenant-serving': { Usage } }: Stores): Promise<void> =>
  within(COUNTED_MS, recordFault(Usage, tenantId, new Date())).catch((error: unknown) =>
    log.error('fault not counted', error),
  );

async function fromSilo(tenantId: TenantId, stores: Stores, request: RecommendationRequest): Promise<Recommendation> {
  try {
    return await askSilo(await siloOf(tenantId, stores), request);
  } catch (error) {
    silos.delete(tenantId);
    log.error('silo did not answer', error);
    await countFault(tenantId, stores);
    return within(DEADLINE_MS, withoutHistory(tenantId, stores, request)).catch(unavailable);
  }
}

/** Where the shoppers' events of a company lie at the moment. */
const eventsOf = (
  { isolation }: { readonly isolation: 'pool' | 'silo' },
  { 'tenant-shoppers': stores }: Stores,
): Table => (isolation === 'silo' ? stores.SiloEvents : stores.Events);

const serve = (
  { tenantId, isolation }: { readonly tenantId: TenantId; readonly isolation: 'pool' | 'silo' },
  stores: Stores,
  request: RecommendationRequest,
): Promise<Recommendation> =>
  isolation === 'silo'
    ? fromSilo(tenantId, stores, request)
    : fromPool(tenantId, stores, request).catch(async (error: unknown) => {
        if (error instanceof DomainError && error.code === 'unavailable') await countFault(tenantId, stores);
        throw error;
      });

export const handler = createApi('recommendations', createScope('api/recommendations', { s3: scopedS3 }), {
  // A probe asks for the silo, also where shoppers are still answered from the pool.
  recommend: ({ actor: { tenantId, keyKind }, keyTenant, scoped, body }) =>
    serve({ tenantId, isolation: keyKind === 'probe' ? 'silo' : keyTenant.isolation }, scoped, body),
  previewRecommendations: ({ tenant, scoped, body }) => serve(tenant, scoped, body),
  listShoppers: async ({ tenant: { tenantId }, scoped, query: { limit } }) => ({
    shoppers: [...(await recentShoppers(scoped['tenant-shoppers'].Shoppers, tenantId, limit))],
  }),
  readShopperEvents: async ({ tenant, scoped, params: { shopperId }, query: { limit } }) => {
    const events = await readHistory(eventsOf(tenant, scoped), tenant.tenantId, shopperId, limit);
    return { events: events.map(({ shopperId: _, ...event }) => event) };
  },
  previewRules: async ({ tenant, scoped, body: { rules, request } }) => {
    const { tenantId } = tenant;
    const { client } = scoped['tenant-serving'].Models;
    const [history, model, catalogue] = await Promise.all([
      readHistory(eventsOf(tenant, scoped), tenantId, request.shopperId, historyEvents),
      models.modelOf(tenantId, client),
      catalogues.catalogueOf(tenantId, client),
    ]);
    const listWith = (set: RuleSet) => {
      // An experiment would show some shoppers other rules.
      const sources = { history, model, catalogue: { ...catalogue, rules: set, experiment: null }, now: new Date() };
      const { modelVersion, items } = listPage(request, sources);
      return { modelVersion, items };
    };
    return { before: listWith(catalogue.rules), after: listWith({ version: catalogue.rules.version + 1, rules }) };
  },
});
