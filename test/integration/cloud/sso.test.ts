import { Person } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { providerBody, setTier, verifyDomain, withSso } from '../../support/sso.ts';
import { type Founder, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

/** Single sign-on: a company's own provider speaks for the company's own domains, and for nothing else. */
let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 120_000);
afterAll(() => test?.close());

const newDomain = () => `${unique('company')}.example.net`;
const personOf = (email: string) => new Person(test.instance, email);
const ssoOf = ({ person }: Founder) => person.api('getSso', { bearer: person.accessToken });
const usersOf = async ({ person }: Founder) => (await person.api('listUsers', { bearer: person.accessToken })).users;
const actionsOf = async ({ person }: Founder) =>
  (await person.api('listAudit', { bearer: person.accessToken })).entries.map(({ action }) => action);

describe('a company’s own provider', () => {
  it('makes somebody new of a verified domain a member, in that company and with its default role', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const person = personOf(`grace@${domain}`);
    await person.signInBy(provider);

    expect(claimsOf(person.accessToken)).toMatchObject({ tenantId: founder.tenantId, role: 'member' });
    expect((await usersOf(founder)).map(({ email, role }) => ({ email, role }))).toEqual([
      { email: founder.person.email, role: 'owner' },
      { email: `grace@${domain}`, role: 'member' },
    ]);
    expect((await actionsOf(founder)).slice(0, 4)).toEqual([
      'sso.arrived',
      'sso.providerSaved',
      'sso.domainVerified',
      'sso.domainClaimed',
    ]);
    expect(await ssoOf(founder)).toMatchObject({ people: 1, provider: { status: 'ready', enforced: false } });
  });
});
