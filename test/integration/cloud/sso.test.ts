import { Person, until } from '@tenantry/local/demo/journey';
import { joinOperators } from '@tenantry/local/demo/operators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { join } from '../../support/members.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { providerBody, providersOf, setTier, verifyDomain, withSso } from '../../support/sso.ts';
import { type Founder, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';

/** Single sign-on: a company's own provider speaks for the company's own domains, and for nothing else. */
let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 240_000);
afterAll(() => test?.close());

const newDomain = () => `${unique('company')}.example.net`;
const personOf = (email: string) => new Person(test.instance, email);
const ssoOf = ({ person }: Founder) => person.api('getSso', { bearer: person.accessToken });
const usersOf = async ({ person }: Founder) => (await person.api('listUsers', { bearer: person.accessToken })).users;
const signInOf = (domain: string) => personOf(`x@${domain}`).api('findSignIn', { body: { domain } });
const actionsOf = async ({ person }: Founder) =>
  (await person.api('listAudit', { bearer: person.accessToken })).entries.map(({ action }) => action);

describe('a company’s own provider', () => {
  it('makes somebody new of a verified domain a member, in that company and with its default role', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    expect(await signInOf(domain)).toEqual({ provider, enforced: false });
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

  it('may be one of SAML as well', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    await setTier(test, founder, 'premium');
    await verifyDomain(test, founder, domain);
    const bearer = founder.person.accessToken;
    const save = (body: { metadataUrl?: string; metadata?: string }) =>
      founder.person.api('saveSsoProvider', { bearer, body: { kind: 'saml', ...body } });
    const metadataUrl = `${test.cloud.urls.identity}/acme/saml/metadata`;
    expect(await codeOf(save({}))).toBe('invalid_request');
    expect(await codeOf(save({ metadataUrl, metadata: '<x/>' }))).toBe('invalid_request');
    expect(await codeOf(save({ metadata: '<x/>' }))).toBe('invalid_request');
    const { providerName, provider } = await save({ metadataUrl });
    expect(provider).toMatchObject({ kind: 'saml', status: 'ready', metadataUrl });
    const person = personOf(`grace@${domain}`);
    await person.signInBy(providerName);
    expect(claimsOf(person.accessToken)).toMatchObject({ tenantId: founder.tenantId, role: 'member' });
    await expect(personOf('eve@gmail.com').signInBy(providerName)).rejects.toThrow('may not speak for');
  });

  it('cannot speak for addresses of another company’s domain, of a public service, or of nobody', async () => {
    const [acme, other] = [await test.founder('standard'), await test.founder('standard')];
    const [own, foreign] = [newDomain(), newDomain()];
    const provider = await withSso(test, acme, own);
    await withSso(test, other, foreign);
    for (const email of [`owner@${foreign}`, 'somebody@gmail.com', other.person.email, `x@sub.${own}`]) {
      await expect(personOf(email).signInBy(provider), email).rejects.toThrow('may not speak for this mail address');
    }
    expect(await usersOf(other)).toHaveLength(1);
    expect(await usersOf(acme)).toHaveLength(1);
  });

  it('cannot turn somebody whom it signed in before into a person of another company', async () => {
    const [acme, other] = [await test.founder('standard'), await test.founder('standard')];
    const [own, foreign] = [newDomain(), newDomain()];
    const provider = await withSso(test, acme, own);
    await withSso(test, other, foreign);
    const person = personOf(`mallory@${own}`);
    await person.signInBy(provider, { subject: 'mallory' });
    // The pool writes what the provider says at each sign-in, so the second one comes with a foreign address.
    await expect(person.signInBy(provider, { subject: 'mallory', email: `owner@${foreign}` })).rejects.toThrow(
      'may not speak for this mail address',
    );
    await expect(person.refresh()).rejects.toThrow('may not speak for this mail address');
  });

  it('links a user of the company with the same confirmed address, which keeps its role and its password', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const known = personOf(`ada@${domain}`);
    await known.signUp();
    await join(test, known, founder.tenantId, 'admin');
    const { userId } = claimsOf(known.accessToken);
    const again = personOf(`ada@${domain}`);
    await again.signInBy(provider);
    expect(claimsOf(again.accessToken)).toMatchObject({ userId, tenantId: founder.tenantId, role: 'admin' });
    await known.signIn();
    expect(claimsOf(known.accessToken)).toMatchObject({ userId, tenantId: founder.tenantId });
  });

  it('never gets at a user who is more than one of this company, or staff, or whose address is not confirmed', async () => {
    const [acme, other] = [await test.founder('standard'), await test.founder('standard')];
    const domain = newDomain();
    const provider = await withSso(test, acme, domain);
    const elsewhere = personOf(`ada@${domain}`);
    await elsewhere.signUp();
    await join(test, elsewhere, other.tenantId, 'owner');
    const staff = personOf(`sam@${domain}`);
    await staff.signUp();
    await joinOperators(test.cloud, staff.email);
    for (const person of [elsewhere, staff]) {
      const { userId } = claimsOf(person.accessToken);
      const comer = personOf(person.email);
      await comer.signInBy(provider);
      const claims = claimsOf(comer.accessToken);
      expect(claims.userId, person.email).not.toBe(userId);
      expect(claims).toMatchObject({ tenantId: acme.tenantId, role: 'member' });
      expect(claims['cognito:groups'] ?? []).toEqual([]);
    }
  });

  it('does not bring back whom the company has let go', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const person = personOf(`grace@${domain}`);
    await person.signInBy(provider);
    const { id } = (await usersOf(founder))[1] ?? { id: '' };
    await founder.person.api('removeUser', { bearer: founder.person.accessToken, params: { userId: id } });
    await person.signInBy(provider);
    expect(claimsOf(person.accessToken).tenantId).toBeUndefined();
    expect(await usersOf(founder)).toHaveLength(1);
  });
});

describe('a provider that is a duty', () => {
  it('is the only way in for its domains, except for owners, and takes a first sign-in before', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const bearer = founder.person.accessToken;
    const enforce = () => founder.person.api('changeSsoProvider', { bearer, body: { enforced: true } });
    expect(await codeOf(enforce())).toBe('conflict');
    const [owner, user] = [personOf(`olga@${domain}`), personOf(`ada@${domain}`)];
    for (const [person, role] of [
      [owner, 'owner'],
      [user, 'member'],
    ] as const) {
      await person.signUp();
      await join(test, person, founder.tenantId, role);
    }
    await personOf(`grace@${domain}`).signInBy(provider);
    await enforce();
    expect(await signInOf(domain)).toEqual({ provider, enforced: true });

    await owner.signIn();
    await expect(user.signIn()).rejects.toThrow(/no code/);
    await expect(user.refresh()).rejects.toThrow('Your company signs in with its own provider');
    await expect(personOf(`new@${domain}`).signUp()).rejects.toThrow(/refused/);
    await user.signInBy(provider);
    expect(claimsOf(user.accessToken)).toMatchObject({ tenantId: founder.tenantId, role: 'member' });
  });
});

describe('setting it up', () => {
  it('takes a text record for a domain, which is then one company’s alone', async () => {
    const [acme, other] = [await test.founder('standard'), await test.founder('standard')];
    const domain = newDomain();
    for (const founder of [acme, other]) await setTier(test, founder, 'enterprise');
    const claim = (by: Founder, name = domain) =>
      by.person.api('claimSsoDomain', { bearer: by.person.accessToken, body: { domain: name } });
    const verify = (by: Founder) =>
      by.person.api('verifySsoDomain', { bearer: by.person.accessToken, params: { domain } });
    const [first, second] = [await claim(acme, domain.toUpperCase()), await claim(other)];
    expect(first.record).toEqual({
      name: `_tenantry-verification.${domain}`,
      value: expect.stringMatching(/^tenantry-verification=[\w-]{32}$/),
    });
    expect(await codeOf(verify(acme))).toBe('invalid_request');
    test.cloud.dns.add(first.record);
    expect(await codeOf(verify(other))).toBe('invalid_request');
    expect(await verify(acme)).toMatchObject({ domain, status: 'verified' });
    test.cloud.dns.add(second.record);
    expect(await codeOf(verify(other))).toBe('conflict');
    await acme.person.api('removeSsoDomain', { bearer: acme.person.accessToken, params: { domain } });
    expect(await verify(other)).toMatchObject({ status: 'verified' });
    for (const name of ['gmail.com', 'localhost', '127.0.0.1', 'a..b', `${'x'.repeat(64)}.com`]) {
      expect(await codeOf(claim(acme, name)), name).toBe('invalid_request');
    }
  });

  it('takes a public provider that answers, and never shows its secret', async () => {
    const founder = await test.founder('standard');
    const bearer = founder.person.accessToken;
    const save = (body: object) =>
      founder.person.api('saveSsoProvider', { bearer, body: { ...providerBody(test, founder.slug), ...body } });
    expect(await codeOf(save({}))).toBe('limit_reached');
    await setTier(test, founder, 'premium');
    for (const issuer of [
      'http://idp.acme.com',
      'https://10.0.0.1',
      'https://[::1]',
      'https://0x7f.1',
      'https://metadata.internal',
      'https://user:secret@idp.acme.com',
      'https://idp.acme.com:8443',
      'http://169.254.169.254/latest',
      `${test.cloud.urls.identity}/../UPPER`,
    ]) {
      expect(await codeOf(save({ issuer })), issuer).toBe('invalid_request');
    }
    expect((await ssoOf(founder)).provider).toBeNull();
    const saved = await save({});
    expect(saved.provider).toMatchObject({ kind: 'oidc', status: 'ready', clientId: 'tenantry' });
    expect(JSON.stringify(saved)).not.toContain(providerBody(test, founder.slug).clientSecret);
    expect(await codeOf(save({ issuer: `${test.cloud.urls.identity}/elsewhere` }))).toBe('conflict');
    expect(await save({ clientSecret: undefined })).toMatchObject({ provider: { status: 'ready' } });
  });

  it('is taken back with the users that came to be by it, and leaves those with a password', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const known = personOf(`ada@${domain}`);
    await known.signUp();
    await join(test, known, founder.tenantId, 'member');
    await personOf(known.email).signInBy(provider);
    const grace = personOf(`grace@${domain}`);
    await grace.signInBy(provider);
    await founder.person.api('removeSsoProvider', { bearer: founder.person.accessToken });
    expect((await usersOf(founder)).map(({ email }) => email)).toEqual([founder.person.email, known.email]);
    expect(await ssoOf(founder)).toMatchObject({ provider: null, people: 0 });
    await expect(grace.signInBy(provider)).rejects.toThrow('does not offer');
    await expect(grace.refresh()).rejects.toThrow();
    await known.signIn();
    expect(claimsOf(known.accessToken)).toMatchObject({ tenantId: founder.tenantId });
  });

  it('of several companies at once leaves each of them on offer, and the client as it was', async () => {
    const founders = [await test.founder('standard'), await test.founder('standard'), await test.founder('standard')];
    for (const founder of founders) await setTier(test, founder, 'premium');
    await Promise.all(
      founders.map(({ person, slug }) =>
        person.api('saveSsoProvider', { bearer: person.accessToken, body: providerBody(test, slug) }),
      ),
    );
    for (const founder of founders) {
      const domain = newDomain();
      await verifyDomain(test, founder, domain);
      const person = personOf(`grace@${domain}`);
      await person.signInBy((await ssoOf(founder)).providerName);
      expect(claimsOf(person.accessToken).tenantId).toBe(founder.tenantId);
    }
    await founders[0]?.person.signIn();
  });
});

describe('a company that is deleted', () => {
  it('leaves no provider, no hold on its domains and nobody who came by it', async () => {
    const founder = await test.founder('standard');
    const domain = newDomain();
    const provider = await withSso(test, founder, domain);
    const known = personOf(`ada@${domain}`);
    await known.signUp();
    await personOf(known.email).signInBy(provider);
    const grace = personOf(`grace@${domain}`);
    await grace.signInBy(provider);
    expect(await providersOf(test)).toContain(provider);
    const operator = await test.operator();
    const bearer = operator.accessToken;
    const params = { tenantId: founder.tenantId };
    await operator.api('deleteTenant', { bearer, params, body: { reason: 'The customer asked for it in writing' } });
    await until('the deletion', async () => {
      const { status } = await operator.api('readTenant', { bearer, params });
      return status === 'deleted' ? true : undefined;
    });
    expect(await providersOf(test)).not.toContain(provider);
    expect(await signInOf(domain)).toEqual({ provider: null, enforced: false });
    await expect(grace.refresh()).rejects.toThrow();
    const traces = await tracesOf(test.cloud, founder.tenantId);
    expect(traces.filter((trace) => /SSO|DOMAIN/.test(trace))).toEqual([]);
    const next = await test.founder('standard');
    await setTier(test, next, 'premium');
    await verifyDomain(test, next, domain);
  });
});
