import { DomainError } from '../errors/domain-error.ts';
import { type TierName, tierCatalogue } from './catalogue.ts';
import type { LimitName } from './tier.ts';

/** What people call the things that tiers limit. */
const words: Readonly<Record<LimitName, string>> = {
  requestsPerSecond: 'requests a second',
  eventsPerDay: 'events a day',
  users: 'users',
  apiKeys: 'API keys',
  retentionDays: 'days of history',
  trainingsPerDay: 'trainings a day',
};

/**
 * Refuses one more of what a tier limits.
 * @param used how much there is already
 * @throws {DomainError} `limit_reached`, which names the limit, what is used and what is allowed
 */
export function assertBelowLimit(tier: TierName, name: LimitName, used: number): void {
  const allowed = tierCatalogue[tier].limits[name];
  if (used < allowed) return;
  throw new DomainError('limit_reached', `Your tier has at most ${allowed} ${words[name]}, and ${used} are in use.`, {
    limit: { name, used, allowed },
  });
}
