import type { S3Client } from '@aws-sdk/client-s3';
import { loggedListKey } from '@tenantry/core/attribution/log';
import type { Recommendation, RecommendationRequest } from '@tenantry/core/contract/recommendation';
import type { Table } from '@tenantry/core/control/table';
import { batchWrite } from '@tenantry/core/dynamodb/batch-write';
import { readHistory } from '@tenantry/core/events/store';
import { newId, type TenantId, timeOfId } from '@tenantry/core/ids/id';
import type { ShopperMemory } from '@tenantry/core/shoppers/registry';
import type { CatalogueSource } from './catalogue-source.ts';
import { listPage } from './list.ts';
import type { ModelSource } from './model-source.ts';

/** The shopper's latest events that are read; more do not change the list. */
export const historyEvents = 50;
const LOG_KEPT_SECONDS = 90 * 86_400;

export interface TenantRequest extends RecommendationRequest {
  readonly tenantId: TenantId;
}

/** Where an answer comes from, with clients that reach this one tenant's data. */
export interface AnswerSources {
  readonly events: Table;
  readonly recommendations: Table;
  readonly shoppers: Table;
  readonly memory: ShopperMemory;
  readonly s3: S3Client;
  readonly models: ModelSource;
  readonly catalogues: CatalogueSource;
  readonly servedBy: 'pool' | 'silo';
}

/**
 * Ranks for a shopper: history, model and catalogue side by side, then memory only. `logged` settles when the answer is in the log of
 * recommendations; a process that lives on need not wait for it.
 */
export async function answer(
  request: TenantRequest,
  sources: AnswerSources,
): Promise<{ readonly recommendation: Recommendation; readonly logged: Promise<void> }> {
  const { tenantId, shopperId } = request;
  const [history, model, catalogue] = await Promise.all([
    readHistory(sources.events, tenantId, shopperId, historyEvents),
    sources.models.modelOf(tenantId, sources.s3),
    sources.catalogues.catalogueOf(tenantId, sources.s3),
  ]);
  const recommendation: Recommendation = {
    recommendationId: newId('recommendation'),
    servedBy: sources.servedBy,
    ...listPage(request, { history, model, catalogue, now: new Date() }),
  };
  return { recommendation, logged: logRecommendation(sources, request, recommendation) };
}

async function logRecommendation(
  { recommendations, shoppers, memory }: AnswerSources,
  { tenantId, shopperId, scenario }: TenantRequest,
  { recommendationId, modelVersion, servedBy, items, variant }: Recommendation,
): Promise<void> {
  const row = {
    ...loggedListKey(tenantId, shopperId, recommendationId),
    scenario,
    modelVersion,
    variant,
    servedBy,
    items: items.map(({ itemId }) => itemId),
    expiresAt: Math.floor(timeOfId(recommendationId) / 1000) + LOG_KEPT_SECONDS,
  };
  const entries = memory.entriesFor(tenantId, [shopperId]);
  await batchWrite([
    { table: recommendations, puts: [row] },
    { table: shoppers, puts: entries },
  ]);
  memory.written(entries);
}
