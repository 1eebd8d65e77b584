import { createIdSource, isTenantId } from '@tenantry/core/ids/id';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { tryForeignRead } from '@tenantry/local/demo/foreign-read';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../support/pool-token.ts';
import { allRows } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

/** The main job over the wire, with nothing but what the deployed policies allow. */
let test: TestCloud;
let standard: Founder;
let premium: Founder;

beforeAll(async () => {
  test = await startTestCloud();
  standard = await test.founder('standard');
  premium = await test.founder('premium');
}, 120_000);
afterAll(() => test?.close());

const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`expected a problem document, not ${error}`);
  return error;
};

describe('identity', () => {
  it('puts tenant, role, tier and status into the access token from the control table', () => {
    expect(claimsOf(standard.person.accessToken)).toMatchObject({
      token_use: 'access',
      tenantId: standard.tenantId,
      role: 'owner',
      tier: 'standard',
      status: 'active',
    });
  });

  it('switches the active tenant: the next token is for the other company', async () => {
    const { person, tenantId } = await test.founder('standard');
    const { tenantId: second } = await person.register({ name: 'Second', slug: unique('second'), tier: 'standard' });
    expect(claimsOf(person.accessToken).tenantId).toBe(second);
    await person.api('setActiveTenant', { bearer: person.accessToken, body: { tenantId } });
    await person.refresh();
    expect(claimsOf(person.accessToken).tenantId).toBe(tenantId);
    const me = await person.api('getMe', { bearer: person.accessToken });
    expect(me.memberships.map(({ tenant }) => tenant.id).sort()).toEqual([tenantId, second].sort());
  });

  it('refuses to switch to a company that the user is no member of, as if there were none', async () => {
    const problem = await problemOf(
      standard.person.api('setActiveTenant', {
        bearer: standard.person.accessToken,
        body: { tenantId: premium.tenantId },
      }),
    );
    expect(problem.status).toBe(404);
  });

  it('signs in again with the password, and gets the same user', async () => {
    const before = await standard.person.api('getMe', { bearer: standard.person.accessToken });
    await standard.person.signIn();
    const after = await standard.person.api('getMe', { bearer: standard.person.accessToken });
    expect(after.id).toBe(before.id);
  });
});

describe('registration', () => {
  it('says of an address whether it is free, taken or reserved, to a person a few at a time', async () => {
    const { api, accessToken } = standard.person;
    const stateOf = async (slug: string) => (await api('checkSlug', { bearer: accessToken, params: { slug } })).state;
    expect([await stateOf(unique('free')), await stateOf(standard.slug), await stateOf('billing')]).toEqual([
      'free',
      'taken',
      'reserved',
    ]);
    expect((await problemOf(stateOf('No Slug'))).problem.code).toBe('invalid_request');
    const many = await Promise.allSettled(Array.from({ length: 25 }, () => stateOf('some-shop')));
    const refused = many.filter((one) => one.status === 'rejected').map(({ reason }) => (reason as ApiProblem).status);
    expect(new Set(refused)).toEqual(new Set([429]));
  });

  it('lets exactly one of several registrations of a slug at once win; the others get a 409 that names the field', async () => {
    const slug = unique('raced');
    const people = await Promise.all([test.signUp(), test.signUp(), test.signUp()]);
    const outcomes = await Promise.allSettled(
      people.map((person) =>
        person.api('registerTenant', { bearer: person.accessToken, body: { name: 'Raced', slug, tier: 'standard' } }),
      ),
    );
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as ApiProblem);
    expect(lost).toHaveLength(2);
    for (const { status, problem } of lost) {
      expect({ status, code: problem.code, field: problem.errors?.[0]?.field }).toEqual({
        status: 409,
        code: 'slug_taken',
        field: 'slug',
      });
    }
  });

  it('provisions nothing before the payment', async () => {
    const person = await test.signUp();
    const { tenantId } = await person.register({ name: 'Unpaid', slug: unique('unpaid'), tier: 'premium' });
    const timeline = await person.api('getOnboarding', { bearer: person.accessToken });
    expect(timeline.status).toBe('pending');
    expect(timeline.steps.every(({ outcome }) => outcome === 'waiting')).toBe(true);
    expect(test.cloud.kubernetes?.pods().some(({ namespace }) => tenantId.endsWith(namespace))).toBe(false);
    const keys = await problemOf(
      person.api('createApiKey', { bearer: person.accessToken, body: { name: 'k', kind: 'secret' } }),
    );
    expect(keys.problem.code).toBe('tenant_not_active');
  });

  it('gives a new payment page for a registration that was left', async () => {
    const person = await test.signUp();
    await person.register({ name: 'Later', slug: unique('later'), tier: 'standard' });
    const { checkoutUrl } = await person.api('createCheckout', { bearer: person.accessToken });
    await person.pay(checkoutUrl);
    const steps = await person.onboarded();
    expect(steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('takes a registration that is sent again for the same one, and closes the first payment page', async () => {
    const person = await test.signUp();
    const company = { name: 'Again', slug: unique('again'), tier: 'standard' } as const;
    const first = await person.register(company);
    const second = await person.register(company);
    expect(second.tenantId).toBe(first.tenantId);
    expect(second.checkoutUrl).not.toBe(first.checkoutUrl);
    await expect(person.pay(first.checkoutUrl)).rejects.toThrow();
    await person.pay(second.checkoutUrl);
    await person.onboarded();
    const third = await problemOf(person.register(company));
    expect(third.problem.code).toBe('slug_taken');
    const another = await problemOf((await test.signUp()).register(company));
    expect(another.problem.code).toBe('slug_taken');
  });

  it('keeps a refused card from making the company active', async () => {
    const person = await test.signUp();
    const { checkoutUrl } = await person.register({ name: 'Broke', slug: unique('broke'), tier: 'standard' });
    await expect(person.pay(checkoutUrl, '4000000000000002')).rejects.toThrow(/declined/);
    const timeline = await person.api('getOnboarding', { bearer: person.accessToken });
    expect(timeline.status).toBe('pending');
  });
});

describe('API keys', () => {
  it('stores hashes only, shows a key once, and stops a revoked one', async () => {
    const { person } = standard;
    const secret = await person.createKey('secret');
    const listed = await person.api('listApiKeys', { bearer: person.accessToken });
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(JSON.stringify(await allRows(test.cloud, 'Control'))).not.toContain(secret);
    const key = listed.apiKeys.find(({ hint }) => hint.endsWith(secret.slice(-4)));
    await person.api('revokeApiKey', { bearer: person.accessToken, params: { keyId: key?.id ?? '' } });
    // The key was never used, so no cached answer lets it through.
    const refused = await fetch(`${test.instance.siteUrl}/v1/recommendations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ shopperId: 'a' }),
    });
    expect({ status: refused.status, ...((await refused.json()) as object) }).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('may be used by pages of a shop’s own origin, and the console’s routes may not', async () => {
    const ask = (path: string) =>
      fetch(`${test.instance.siteUrl}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://shop.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = await ask('/v1/events');
    expect({ status: allowed.status, origin: allowed.headers.get('access-control-allow-origin') }).toEqual({
      status: 204,
      origin: '*',
    });
    const answer = await fetch(`${test.instance.siteUrl}/v1/recommendations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await standard.person.createKey('publishable')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ shopperId: 'a' }),
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const refused = await ask('/v1/tenants');
    expect({ status: refused.status, origin: refused.headers.get('access-control-allow-origin') }).toEqual({
      status: 404,
      origin: null,
    });
  });

  it('refuses one more key than the tier has', async () => {
    const { person } = await test.founder('standard');
    for (let key = 0; key < 5; key++) await person.createKey('publishable');
    const problem = await problemOf(
      person.api('createApiKey', { bearer: person.accessToken, body: { name: 'Sixth', kind: 'secret' } }),
    );
    expect(problem.problem.code).toBe('limit_reached');
  });
});

describe.each(['standard', 'premium'] as const)('the data plane of a %s tenant', (tier) => {
  it('takes events with a verdict each, counts a repeated one once, trains, and answers from the latest event', async () => {
    const { person, tenantId } = tier === 'standard' ? standard : premium;
    const { api } = person;
    const key = await person.createKey('secret');
    const newId = createIdSource();
    const events = Array.from({ length: 60 }, (_, i) => ({
      id: newId('event', Date.now() - (60 - i) * 1000),
      shopperId: `shopper-${Math.floor(i / 4)}`,
      itemId: `item-${(i % 4) + (Math.floor(i / 4) % 3) * 4}`,
      type: 'view',
    }));
    const body = { events: [...events, { shopperId: 'x', itemId: 'a b', type: 'view' }] };
    const first = await api('collectEvents', { bearer: key, body });
    expect(first).toMatchObject({ accepted: 60, rejected: 1 });
    expect(first.verdicts[60]).toMatchObject({ verdict: 'rejected', errors: [{ field: 'events.60.itemId' }] });
    const again = await api('collectEvents', { bearer: key, body });
    expect(again.accepted).toBe(60);

    await until(
      'the archive',
      async () => {
        const { archivedEvents } = await api('getActivity', { bearer: person.accessToken });
        return archivedEvents >= 60 ? archivedEvents : undefined;
      },
      30_000,
    );
    await api('trainModel', { bearer: person.accessToken });
    const model = await until(
      'the training',
      async () => {
        const { models, training } = await api('listModels', { bearer: person.accessToken });
        if (training?.status === 'failed') throw new Error(training.reason ?? 'failed');
        return models.find(({ serving }) => serving);
      },
      60_000,
    );
    expect(model.events).toBe(60);
    const { archivedEvents } = await api('getActivity', { bearer: person.accessToken });
    expect(archivedEvents).toBe(60);

    const unknown = await until('the model to serve', async () => {
      const list = await api('recommend', { bearer: key, body: { shopperId: 'nobody', limit: 3 } });
      return list.modelVersion === model.version ? list : undefined;
    });
    expect(unknown.servedBy).toBe(tier === 'standard' ? 'pool' : 'silo');
    expect(unknown.items.map(({ reason }) => reason)).toEqual(['popular', 'popular', 'popular']);
    await api('collectEvents', {
      bearer: key,
      body: { events: [{ shopperId: 'nobody', itemId: 'item-1', type: 'view' }] },
    });
    const known = await api('recommend', { bearer: key, body: { shopperId: 'nobody', limit: 3 } });
    expect(known.items[0]).toMatchObject({ reason: 'co-visited' });
    expect(['item-0', 'item-2', 'item-3']).toContain(known.items[0]?.itemId);

    const logged = await until('the log of recommendations', async () => {
      const rows = await allRows(test.cloud, 'Recommendations');
      return rows.find(({ pk, sk }) => pk === `${tenantId}#nobody` && String(sk).endsWith(known.recommendationId));
    });
    expect(logged.modelVersion).toBe(model.version);
  });
});

describe('isolation of the silo', () => {
  it("denies a read of another tenant's pooled rows with the credentials of the silo's pod", async () => {
    if (!isTenantId(premium.tenantId) || !isTenantId(standard.tenantId)) throw new Error('not a tenant id');
    const attempt = await tryForeignRead(test.cloud, premium.tenantId, standard.tenantId);
    expect(attempt.denied).toBe(true);
    expect(attempt.message).toContain('is not authorized to perform: dynamodb:Query');
  });

  it('runs the silo as a process of its own', () => {
    const pods = test.cloud.kubernetes?.pods().filter(({ namespace }) => premium.tenantId.endsWith(namespace));
    expect(pods?.map(({ ready }) => ready)).toEqual([true]);
  });
});

describe('least privilege', () => {
  it('had no call denied but the one that tried', () => {
    const denied = test.cloud.calls.all().filter(({ allowed }) => !allowed);
    expect(denied.map(({ callerArn, service, operation }) => ({ callerArn, service, operation }))).toEqual([
      {
        callerArn: expect.stringContaining('foreign-read-attempt'),
        service: 'dynamodb',
        operation: 'Query',
      },
    ]);
  });
});
