import { readCounts } from '@tenantry/core/attribution/counters';
import { takeFeedback } from '@tenantry/core/attribution/feedback';
import { performanceDaysMax } from '@tenantry/core/contract/attribution';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { Experiment } from '@tenantry/core/experiment/experiment';
import { readResults } from '@tenantry/core/experiment/results';
import { endExperiment, findExperiment, startExperiment } from '@tenantry/core/experiment/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { createApi } from '../middleware/api.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const DAY_MS = 86_400_000;
const DAYS_BEFORE = 29;

const daysBefore = (day: string, count: number): string =>
  new Date(Date.parse(day) - count * DAY_MS).toISOString().slice(0, 10);

/** @throws {DomainError} `invalid_request` when the days are in the wrong order, or too many */
function daysOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, now: Date) {
  const last = to ?? now.toISOString().slice(0, 10);
  const first = from ?? daysBefore(last, DAYS_BEFORE);
  if (first <= last && first > daysBefore(last, performanceDaysMax)) return { first, last };
  const message = `must be at most ${performanceDaysMax} days, which end at to`;
  throw new DomainError('invalid_request', `from: ${message}.`, { fields: [{ field: 'from', message }] });
}

type Stores = Scoped<'api/attribution'>;

async function shown(tenantId: TenantId, stores: Stores, experiment: Experiment | null, now: Date) {
  const { Attribution } = stores['tenant-performance'];
  const results = experiment ? await readResults(Attribution, tenantId, experiment, now) : [];
  return { experiment, results: [...results] };
}

const tablesOf = ({ 'tenant-rules': { Catalogue, Audit } }: Stores) => ({
  catalogue: Catalogue,
  auditTable: Audit.name,
});

export const handler = createApi('attribution', createScope('api/attribution'), {
  sendFeedback: async ({ actor: { tenantId }, scoped, body, now }) => {
    const { Recommendations, Attribution } = scoped['tenant-feedback'];
    const stores = { recommendations: Recommendations, attribution: Attribution };
    const verdicts = await takeFeedback(stores, tenantId, body.feedback, now);
    const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length;
    return { accepted, rejected: verdicts.length - accepted, verdicts: [...verdicts] };
  },
  getPerformance: async ({ tenant: { tenantId }, scoped, query, now }) => {
    const { first, last } = daysOf(query, now);
    const days = await readCounts(scoped['tenant-performance'].Attribution, tenantId, { first, last });
    return { from: first, to: last, days: [...days] };
  },
  getExperiment: async ({ tenant: { tenantId }, scoped, now }) =>
    shown(tenantId, scoped, await findExperiment(scoped['tenant-rules'].Catalogue, tenantId), now),
  startExperiment: async ({ actor, scoped, body, now }) =>
    shown(actor.tenantId, scoped, await startExperiment(tablesOf(scoped), body, { actor, at: now }), now),
  endExperiment: async ({ actor, scoped, body, now }) =>
    shown(actor.tenantId, scoped, await endExperiment(tablesOf(scoped), body.winner, { actor, at: now }), now),
});
