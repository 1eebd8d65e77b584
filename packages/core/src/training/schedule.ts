import { createHash } from 'node:crypto';
import type { TenantId } from '../ids/id.ts';
import type { Tier } from '../tier/tier.ts';
import { isMerging, type Merging } from './merging.ts';
import { isRunning, type Training } from './training.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A first model is trained by the schedule once there are so many events; before, when somebody asks for it. */
const FIRST_TRAINING_EVENTS = 1000;

export type Plan =
  /** @param dueSince milliseconds since the epoch; who waits for longest comes first */
  { readonly kind: 'training' | 'merge'; readonly dueSince: number } | { readonly kind: 'running' | 'nothing' };

/** A tenant's place in its tier's interval, from 0 to below 1, so that trainings of many tenants are spread over it. */
const placeOf = (tenantId: TenantId): number =>
  createHash('sha256').update(tenantId).digest().readUIntBE(0, 6) / 2 ** 48;

/** The first time after a moment at which the tier's schedule has a training for the tenant, in milliseconds. */
export function trainingAfter(tenantId: TenantId, { everyHours }: Tier['training'], after: number): number {
  const interval = everyHours * HOUR_MS;
  const offset = Math.floor(placeOf(tenantId) * interval);
  return (Math.floor((after - offset) / interval) + 1) * interval + offset;
}

/**
 * What is due for a tenant: a training when its time has come, else a merge, and either only when events were archived that it would add.
 * @param archived events that were ever archived
 */
export function planFor(
  tenantId: TenantId,
  tier: Tier['training'],
  known: {
    readonly training: Training | undefined;
    readonly merging: Merging | undefined;
    readonly archived: number;
    /** Whether an experiment compares models, which must not change meanwhile. */
    readonly comparing: boolean;
  },
  now: Date,
): Plan {
  const { training, merging, archived, comparing } = known;
  if (!training) {
    return archived < FIRST_TRAINING_EVENTS ? { kind: 'nothing' } : { kind: 'training', dueSince: now.getTime() };
  }
  if (isRunning(training, now)) return { kind: 'running' };
  if (comparing) return { kind: 'nothing' };
  const dueSince = trainingAfter(tenantId, tier, Date.parse(training.startedAt));
  if (dueSince <= now.getTime() && archived > (training.archivedEvents ?? -1)) return { kind: 'training', dueSince };
  if (!training.servingVersion || isMerging(merging, now)) return { kind: 'nothing' };
  const trainedOn = training.status === 'succeeded' ? (training.archivedEvents ?? -1) : -1;
  const { newest } = merging ?? {};
  // One that failed is tried again in the next turn.
  const nextMerge = newest && newest.problem === null ? Date.parse(newest.at) + tier.mergeMinutes * MINUTE_MS : 0;
  if (archived <= Math.max(trainedOn, newest?.archivedEvents ?? -1) || nextMerge > now.getTime()) {
    return { kind: 'nothing' };
  }
  return { kind: 'merge', dueSince: nextMerge };
}

/** So many trainings at a time are started by the schedule; those that somebody asked for count, too, and are not held up. */
const TRAININGS_AT_ONCE = 10;
/** As many in one turn; the others are due in the next one. */
const MERGES_A_TURN = 50;

/** What is started in a turn, of all that is due: who has waited for longest first. */
export function startable<T extends { readonly plan: Plan }>(all: readonly T[]): readonly T[] {
  const due = (kind: 'training' | 'merge') =>
    all.filter(({ plan }) => plan.kind === kind).sort((a, b) => since(a.plan) - since(b.plan));
  const running = all.filter(({ plan }) => plan.kind === 'running').length;
  return [
    ...due('training').slice(0, Math.max(0, TRAININGS_AT_ONCE - running)),
    ...due('merge').slice(0, MERGES_A_TURN),
  ];
}

const since = (plan: Plan): number => ('dueSince' in plan ? plan.dueSince : 0);
