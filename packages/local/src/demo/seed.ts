import type { TierName } from '@tenantry/core/tier/catalogue';
import type { LocalCloud } from '../cloud/local-cloud.ts';
import { instanceOf } from './instance.ts';
import { type Instance, Person } from './journey.ts';
import { joinOperators } from './operators.ts';
import { replay } from './replay.ts';
import { generateSessions, toEvents } from './shop-events.ts';
import { archived, train } from './shop-trial.ts';

const SESSIONS = 400;
const password = 'Correct-horse-7-battery';

/** Somebody with a pooled and a siloed company, both with events and a model. */
const companies: readonly { readonly name: string; readonly slug: string; readonly tier: TierName }[] = [
  { name: 'Corner Shop', slug: 'corner-shop', tier: 'standard' },
  { name: 'Green Market', slug: 'green-market', tier: 'premium' },
];

/** Fills an instance with demo tenants, by the ways that people take. Doing it again adds what is missing. */
export async function seedTenants(instance: Instance, say: (step: string) => void): Promise<void> {
  const person = new Person(instance, 'demo@example.com');
  await person.signIn(password).catch(() => person.signUp(password));
  const { memberships } = await person.api('getMe', { bearer: person.accessToken });
  const missing = companies.filter(({ slug }) => !memberships.some(({ tenant }) => tenant.slug === slug));
  for (const company of missing) {
    say(`${company.name} (${company.tier})`);
    const { checkoutUrl } = await person.register(company);
    await person.pay(checkoutUrl);
    await person.onboarded();
    const { accepted } = await replay(
      person.api,
      await person.createKey('secret'),
      toEvents(generateSessions(SESSIONS), Date.now()),
    );
    await archived(person, accepted);
    await train(person);
  }
  say(`demo tenants are there: sign in as ${person.email} with the password ${password}`);
}

/** Somebody of the provider's staff. Doing it again changes nothing. */
export async function seedStaff(cloud: LocalCloud, say: (step: string) => void): Promise<void> {
  const person = new Person(instanceOf(cloud), 'staff@example.com');
  await person.signIn(password).catch(() => person.signUp(password));
  await joinOperators(cloud, person.email);
  say(`staff is there: sign in at ${cloud.urls.site}/operator as ${person.email} with the same password`);
}
