import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailsTo } from '../../e2e/hosted-pages.ts';
import { codeOf } from '../../support/codes.ts';
import { join } from '../../support/members.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { providerBody, providersOf, verifyDomain, withSso } from '../../support/sso.ts';
import { type Founder, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';
import { runJob } from '../../support/usage.ts';

/** Single sign-on over the wire, held to the deployed policies. What it decides is tried case by case in `stores/sso.test.ts`. */
let test: TestCloud;
let acme: Founder;
let other: Founder;
const [domain, foreign] = [`${unique('acme')}.example.net`, `${unique('other')}.example.net`];

beforeAll(async () => {
  test = await startTestCloud({ waitScale: 0.02 });
  acme = await test.founder('premium');
  other = await test.founder('premium');
}, 240_000);
afterAll(() => test?.close());

const tenantOf = ({ tenantId }: Founder): TenantId => {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
  return tenantId;
};
const personOf = (email: string) => new Person(test.instance, email);
const bearerOf = ({ person }: Founder) => person.accessToken;
const ssoOf = ({ person }: Founder) => person.api('getSso', { bearer: person.accessToken });
const usersOf = async ({ person }: Founder) => (await person.api('listUsers', { bearer: person.accessToken })).users;
const actionsOf = async ({ person }: Founder) =>
  (await person.api('listAudit', { bearer: person.accessToken })).entries.map(({ action }) => action);
const signInOf = (name: string) => personOf(`x@${name}`).api('findSignIn', { body: { domain: name } });
const save = ({ person }: Founder, body: object = {}) =>
  person.api('saveSsoProvider', {
    bearer: person.accessToken,
    body: { ...providerBody(test, 'acme'), ...body },
  });

describe('setting up single sign-on', () => {
  it('takes a tier that has it, and a text record for a domain, which is then one company’s alone', async () => {
    const claim = (by: Founder, name = domain) =>
      by.person.api('claimSsoDomain', { bearer: bearerOf(by), body: { domain: name } });
    const verify = (by: Founder) => by.person.api('verifySsoDomain', { bearer: bearerOf(by), params: { domain } });
    expect(await codeOf(claim(await test.founder('standard')))).toBe('limit_reached');
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
    await other.person.api('removeSsoDomain', { bearer: bearerOf(other), params: { domain } });
    for (const name of ['gmail.com', 'localhost', '127.0.0.1', 'a..b', `${'x'.repeat(64)}.com`]) {
      expect(await codeOf(claim(acme, name)), name).toBe('invalid_request');
    }
  });

  it('takes a public provider that answers, of either kind, and never shows its secret', async () => {
    for (const issuer of ['http://idp.acme.com', 'https://10.0.0.1', `${test.cloud.urls.identity}/../UPPER`]) {
      expect(await codeOf(save(acme, { issuer })), issuer).toBe('invalid_request');
    }
    expect((await ssoOf(acme)).provider).toBeNull();
    const saved = await save(acme);
    expect(saved.provider).toMatchObject({ kind: 'oidc', status: 'ready', clientId: 'tenantry' });
    expect(JSON.stringify(saved)).not.toContain(providerBody(test, 'acme').clientSecret);
    expect(await codeOf(save(acme, { issuer: `${test.cloud.urls.identity}/elsewhere` }))).toBe('conflict');
    expect(await codeOf(save(acme, { clientSecret: undefined }))).toBe('invalid_request');
    expect((await save(acme)).provider).toMatchObject({ status: 'ready' });

    const saml = (body: { metadataUrl?: string; metadata?: string }) =>
      other.person.api('saveSsoProvider', { bearer: bearerOf(other), body: { kind: 'saml', ...body } });
    const metadataUrl = `${test.cloud.urls.identity}/other/saml/metadata`;
    for (const body of [
      {},
      { metadataUrl, metadata: '<x/>' },
      { metadata: '<x/>' },
      { metadata: 'x'.repeat(100_001) },
    ]) {
      expect(await codeOf(saml(body))).toBe('invalid_request');
    }
    expect((await saml({ metadataUrl })).provider).toMatchObject({ kind: 'saml', status: 'ready', metadataUrl });
    await verifyDomain(test, other, foreign);
  });
});

describe('people of a company with single sign-on', () => {
  it('are members from their first sign-in on, whichever kind the provider is', async () => {
    for (const [founder, name] of [
      [acme, domain],
      [other, foreign],
    ] as const) {
      const { provider } = await signInOf(name);
      const person = personOf(`grace@${name}`);
      await person.signInBy(provider ?? '');
      expect(claimsOf(person.accessToken)).toMatchObject({ tenantId: founder.tenantId, role: 'member' });
      expect((await usersOf(founder)).map(({ email }) => email)).toEqual([founder.person.email, `grace@${name}`]);
    }
    expect((await actionsOf(acme)).slice(0, 5)).toContain('sso.arrived');
  });

  it('are never those of another company, whatever their provider says', async () => {
    const { providerName } = await ssoOf(acme);
    const refusal = 'may not speak for this mail address';
    await expect(personOf(`owner@${foreign}`).signInBy(providerName)).rejects.toThrow(refusal);
    const mallory = personOf(`mallory@${domain}`);
    await mallory.signInBy(providerName, { subject: 'mallory' });
    await expect(mallory.signInBy(providerName, { subject: 'mallory', email: `owner@${foreign}` })).rejects.toThrow();
    await expect(mallory.refresh()).rejects.toThrow(refusal);
  });

  it('may have been users before, must come by the provider where that is a duty, and stay when it goes', async () => {
    const { providerName } = await ssoOf(acme);
    const known = personOf(`ada@${domain}`);
    await known.signUp();
    await join(test, known, acme.tenantId, 'admin');
    const { userId } = claimsOf(known.accessToken);
    await personOf(known.email).signInBy(providerName);
    const invitation = acme.person.api('changeSsoProvider', { bearer: bearerOf(acme), body: { enforced: true } });
    expect((await invitation).provider?.enforced).toBe(true);
    // In another browser: the one of the sign-up is still signed in.
    await expect(personOf(known.email).signIn()).rejects.toThrow(/no code/);
    await known.signInBy(providerName);
    expect(claimsOf(known.accessToken)).toMatchObject({ userId, tenantId: acme.tenantId, role: 'admin' });
    await acme.person.signIn();

    await acme.person.api('removeSsoProvider', { bearer: bearerOf(acme) });
    expect((await usersOf(acme)).map(({ email }) => email)).toEqual([acme.person.email, known.email]);
    await known.signIn();
    expect(claimsOf(known.accessToken)).toMatchObject({ userId, tenantId: acme.tenantId });
    await acme.person.api('removeSsoDomain', { bearer: bearerOf(acme), params: { domain } });
  });
});

describe('a verified domain', () => {
  it('whose record goes is told to the owners, and is verified no longer after a week', async () => {
    /** As if so many days had passed since these moments of a row. */
    const daysAgo = (days: Readonly<Record<string, number>>, Key = controlKeys.ssoDomain(tenantOf(other), foreign)) =>
      rootClient(test.cloud).send(
        new UpdateCommand({
          TableName: tableName(test.cloud, 'Control'),
          Key,
          UpdateExpression: `SET ${Object.keys(days)
            .map((field) => `${field} = :${field}`)
            .join(', ')}`,
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(days).map(([field, ago]) => [
              `:${field}`,
              new Date(Date.now() - ago * 86_400_000).toISOString(),
            ]),
          ),
        }),
      );
    const recheck = async (days: Readonly<Record<string, number>>) => {
      await daysAgo(days);
      await runJob(test.cloud, 'check-domains');
    };
    const shown = async () => (await ssoOf(other)).domains;
    const [{ record } = { record: { name: '', value: '' } }] = await shown();
    await recheck({ checkedAt: 2 });
    expect(await shown()).toMatchObject([{ status: 'verified', lapsesAt: null }]);
    test.cloud.dns.remove(record);
    await recheck({ checkedAt: 2 });
    expect(await shown()).toMatchObject([{ status: 'verified', lapsesAt: expect.stringMatching(/Z$/) }]);
    await until('the mail about it', async () => {
      await runJob(test.cloud, 'review-billing');
      const mails = await mailsTo(test, other.person.email);
      return mails.some(({ subject }) => subject === `The DNS record of ${foreign} is missing`) || undefined;
    });
    await daysAgo({ provedAt: 10 }, controlKeys.mailDomain(foreign));
    await recheck({ checkedAt: 2, missingSince: 8 });
    expect(await shown()).toMatchObject([{ status: 'pending', lapsesAt: null }]);
    expect(await signInOf(foreign)).toEqual({ provider: null, enforced: false });
    expect(await actionsOf(other)).toEqual(expect.arrayContaining(['sso.domainRecordMissing', 'sso.domainLapsed']));
  });
});

describe('a company that is deleted', () => {
  it('leaves no provider, no hold on its domains and nobody who came by it', async () => {
    const leaving = await test.founder('premium');
    const own = `${unique('leaving')}.example.net`;
    const provider = await withSso(test, leaving, own);
    const known = personOf(`ada@${own}`);
    await known.signUp();
    await known.signInBy(provider);
    const grace = personOf(`grace@${own}`);
    await grace.signInBy(provider);
    expect(await providersOf(test)).toContain(provider);
    const operator = await test.operator();
    const bearer = operator.accessToken;
    const params = { tenantId: leaving.tenantId };
    await operator.api('deleteTenant', { bearer, params, body: { reason: 'The customer asked for it in writing' } });
    await until(
      'the deletion',
      async () => {
        const { status, deletionProblem } = await operator.api('readTenant', { bearer, params });
        if (deletionProblem) throw new Error(deletionProblem);
        return status === 'deleted' ? true : undefined;
      },
      110_000,
    );
    expect(await providersOf(test)).not.toContain(provider);
    expect(await signInOf(own)).toEqual({ provider: null, enforced: false });
    await expect(grace.refresh()).rejects.toThrow();
    const traces = await tracesOf(test.cloud, leaving.tenantId);
    expect(traces.filter((trace) => /SSO|DOMAIN/.test(trace))).toEqual([]);
  }, 120_000);
});

describe('where a domain signs in', () => {
  it('is told to so many in a second and no more, which slows whoever tries names', async () => {
    const ask = async (): Promise<number> => {
      const response = await fetch(`${test.instance.siteUrl}/v1/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ domain: 'guess.example.net' }),
      });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses = new Set<number>();
    for (let round = 0; round < 20 && !statuses.has(429); round += 1) {
      for (const status of await Promise.all(Array.from({ length: 70 }, ask))) statuses.add(status);
    }
    expect([...statuses].sort()).toEqual([200, 429]);
    expect((await fetch(`${test.instance.siteUrl}/v1/tiers`)).status).toBe(200);
  });
});
