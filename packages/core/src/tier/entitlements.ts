import { DomainError } from '../errors/domain-error.ts';
import { type TierName, tierCatalogue } from './catalogue.ts';
import type { LimitName } from './tier.ts';

/** What people call the things that tiers limit. */
const words: Readonly<Record<LimitName, string>> = {
  requestsPerSecond: 'requests a second',
  eventsPerDay: 'events a day',
  users: 'users',
  apiKeys: 'API keys',
  webhooks: 'webhooks',
  retentionDays: 'days of history',
  trainingsPerDay: 'trainings a day',
  models: 'models',
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

/** @throws {DomainError} `limit_reached` when the tier has no single sign-on */
export function assertSso(tier: TierName): void {
  if ((tierCatalogue[tier].features as readonly string[]).includes('sso')) return;
  throw new DomainError('limit_reached', 'Your tier has no single sign-on; premium and enterprise have it.');
}

const DAY_MS = 86_400_000;
/** A shop asks again now and then, since its tier may change before the day ends. */
const ASK_AGAIN_MAX_SECONDS = 3600;

/**
 * Refuses events of a tenant that has sent those of its day.
 * @param sent since midnight, UTC
 * @throws {DomainError} `rate_limited`, with the limit and when to try again
 */
export function assertEventsLeft(tier: TierName, sent: number, now: Date): void {
  const allowed = tierCatalogue[tier].limits.eventsPerDay;
  if (sent < allowed) return;
  const untilMidnight = Math.ceil((DAY_MS - (now.getTime() % DAY_MS)) / 1000);
  throw new DomainError('rate_limited', `Your tier has at most ${allowed} events a day, and ${sent} were sent today.`, {
    limit: { name: 'eventsPerDay', used: sent, allowed },
    retryAfterSeconds: Math.min(untilMidnight, ASK_AGAIN_MAX_SECONDS),
  });
}
