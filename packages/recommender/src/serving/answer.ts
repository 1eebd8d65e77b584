import type { S3Client } from '@aws-sdk/client-s3';
import { loggedListKey } from '@tenantry/core/attribution/log';
import type { Recommendation, RecommendationRequest } from '@tenantry/core/contract/recommendation';
import type { Table } from '@tenantry/core/control/table';
import { readHistory } from '@tenantry/core/events/store';
import type { Experiment } from '@tenantry/core/experiment/experiment';
import { treatmentFor } from '@tenantry/core/experiment/treatment';
import { newId, type TenantId, timeOfId } from '@tenantry/core/ids/id';
import type { Model } from '../model/model.ts';
import type { CatalogueSource } from './catalogue-source.ts';
import { listPage } from './list.ts';
import type { CandidateSource, ModelSource } from './model-source.ts';
import type { LogRow } from './recommendation-log.ts';

/** The shopper's latest events that are read; more do not change the list. */
export const historyEvents = 50;
const LOG_KEPT_SECONDS = 90 * 86_400;

export interface TenantRequest extends RecommendationRequest {
  readonly tenantId: TenantId;
}

/** Where an answer comes from, with clients that reach this one tenant's data. */
export interface AnswerSources {
  readonly events: Table;
  /** Puts a list into the log of recommendations. */
  readonly log: (row: LogRow) => Promise<void>;
  readonly s3: S3Client;
  readonly models: ModelSource;
  readonly candidates: CandidateSource;
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
  const candidate = await candidateFor(request, catalogue.experiment, sources);
  const recommendation: Recommendation = {
    recommendationId: newId('recommendation'),
    servedBy: sources.servedBy,
    ...listPage(request, { history, model, candidate, catalogue, now: new Date() }),
  };
  return { recommendation, logged: logRecommendation(sources, request, recommendation) };
}

/** The second model, for a shopper who is to get it, and only then. */
function candidateFor(
  { tenantId, scenario, shopperId }: TenantRequest,
  experiment: Experiment | null,
  { candidates, s3 }: AnswerSources,
): Promise<Model | undefined> {
  if (!experiment || treatmentFor(experiment, scenario, shopperId).model === undefined)
    return Promise.resolve(undefined);
  return candidates.candidateOf(tenantId, s3, experiment.candidate);
}

function logRecommendation(
  { log }: AnswerSources,
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
  return log({ tenantId, shopperId, row });
}
