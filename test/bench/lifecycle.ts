import type { TierName } from '@tenantry/core/tier/catalogue';
import { type Person, until } from '@tenantry/local/demo/journey';
import { type Founder, startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { type Measurement, measured } from './measurement.ts';

/** Companies of each tier. They are onboarded one after the other; what follows they do at the same time, since it is waiting for the most part. */
const COMPANIES = 3;
const SHOPPERS = 40;
/** What a machine waits for by itself, so that cached answers of authorizers run out: the floor of what it takes. */
const SETTLING_SECONDS = 60;
const WITHIN_MS = 600_000;

const tiers = ['standard', 'premium', 'enterprise'] as const satisfies readonly TierName[];

/** Each tier's companies move to another: to a silo of their own, to the pool, and to a silo of another size. */
const moves = {
  standard: { to: 'premium', name: 'tier-change/to-silo', settles: 3 },
  premium: { to: 'standard', name: 'tier-change/to-pool', settles: 3 },
  enterprise: { to: 'premium', name: 'tier-change/resize', settles: 0 },
} as const satisfies Record<TierName, { to: TierName; name: string; settles: number }>;

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

interface Onboarded extends Founder {
  readonly activeSeconds: number;
  readonly firstListSeconds: number;
}

async function onboard(test: TestCloud, tier: TierName, slug: string): Promise<Onboarded> {
  const person = await test.signUp();
  const { tenantId, checkoutUrl } = await person.register({ name: `Shop ${slug}`, slug, tier });
  const paid = performance.now();
  await person.pay(checkoutUrl);
  await person.onboarded();
  const activeSeconds = secondsSince(paid);
  const key = await person.createKey('secret');
  await person.api('recommend', { bearer: key, body: { shopperId: 'first', limit: 1 } });
  const firstListSeconds = secondsSince(paid);
  const events = Array.from({ length: SHOPPERS }, (_, i) => ({
    shopperId: `s-${i}`,
    itemId: `i-${i % 7}`,
    type: 'view',
  }));
  await person.api('collectEvents', { bearer: key, body: { events } });
  return { person, tenantId, slug, activeSeconds, firstListSeconds };
}

/** Seconds from asking for another tier until the new place serves alone and the old one is erased. */
async function move({ person }: Founder, to: TierName): Promise<number> {
  const began = performance.now();
  await person.refresh();
  await person.api('changeTier', { bearer: person.accessToken, body: { tier: to } });
  await until(
    'The change of tier',
    async () => {
      await person.refresh();
      const { change } = await person.api('getTierChange', { bearer: person.accessToken });
      if (change?.problem) throw new Error(change.problem);
      return change ? undefined : true;
    },
    WITHIN_MS,
  );
  return secondsSince(began);
}

/** Seconds from an operator's order until nothing is left but the certificate. */
async function remove(operator: Person, { tenantId }: Founder): Promise<number> {
  const began = performance.now();
  const bearer = operator.accessToken;
  await operator.api('deleteTenant', { bearer, params: { tenantId }, body: { reason: 'A measurement of deletions' } });
  await until(
    'The deletion',
    async () => {
      const { status, deletionProblem } = await operator.api('readTenant', { bearer, params: { tenantId } });
      if (deletionProblem) throw new Error(deletionProblem);
      return status === 'deleted' ? true : undefined;
    },
    WITHIN_MS,
  );
  return secondsSince(began);
}

/** How long a company's life takes on the local cloud: onboarding by tier, changes of tier, and deletion. */
export async function* lifecycle(): AsyncGenerator<Measurement> {
  const test = await startTestCloud();
  try {
    const operator = await test.operator();
    const companies: Record<TierName, Onboarded[]> = { standard: [], premium: [], enterprise: [] };
    for (const tier of tiers) {
      for (let i = 0; i < COMPANIES; i += 1) companies[tier].push(await onboard(test, tier, `${tier}-${i}`));
      const seconds = (what: 'activeSeconds' | 'firstListSeconds') => companies[tier].map((one) => one[what]);
      yield measured(`onboarding/${tier}/active`, 's', seconds('activeSeconds'));
      yield measured(`onboarding/${tier}/first-list`, 's', seconds('firstListSeconds'));
    }
    const moved = await Promise.all(
      tiers.map(async (tier) => ({
        ...moves[tier],
        seconds: await Promise.all(companies[tier].map((company) => move(company, moves[tier].to))),
      })),
    );
    for (const { name, settles, seconds } of moved) {
      yield measured(name, 's', seconds, settles > 0 ? settles * SETTLING_SECONDS : undefined);
    }
    await operator.refresh();
    const inPool = companies.premium;
    const inSilo = [...companies.standard, ...companies.enterprise];
    const removeAll = (some: readonly Onboarded[]) => Promise.all(some.map((company) => remove(operator, company)));
    const [pool, silo] = await Promise.all([removeAll(inPool), removeAll(inSilo)]);
    yield measured('deletion/pool', 's', pool, SETTLING_SECONDS);
    yield measured('deletion/silo', 's', silo, SETTLING_SECONDS);
  } finally {
    await test.close();
  }
}
