import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isTenantId } from '@tenantry/core/ids/id';
import { usageKeys } from '@tenantry/core/usage/keys';
import { type Person, until as waitUntil } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { claimsOf } from '../../support/pool-token.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { runJob } from '../../support/usage.ts';

/** What the provider's staff may do, and what stays of it in the tenants' audit logs. */
let test: TestCloud;
let operator: Person;
let founders: readonly Founder[];

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
  founders = await Promise.all([test.founder('standard'), test.founder('standard'), test.founder('standard')]);
}, 120_000);
afterAll(() => test?.close());

describe('the list of tenants', () => {
  it('gives every tenant of a status exactly once, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      expect(page.tenants.length).toBeLessThanOrEqual(2);
      seen.push(...page.tenants.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(seen.sort()).toEqual(founders.map(({ tenantId }) => tenantId).sort());
  });

  const list = (cursor: string | null) =>
    operator.api('listTenants', {
      bearer: operator.accessToken,
      query: { status: 'active', limit: '2', ...(cursor ? { cursor } : {}) },
    });

  it.each(['x', 'eyJhIjoxfQ', Buffer.from('{"passed":-1}').toString('base64url')])(
    'refuses the cursor %s, naming the field',
    async (cursor) => {
      await expect(
        operator.api('listTenants', { bearer: operator.accessToken, query: { cursor } }),
      ).rejects.toMatchObject({ status: 400, problem: { errors: [{ field: 'cursor' }] } });
    },
  );
});

describe('one company', () => {
  const found = async (query: Record<string, string>): Promise<readonly string[]> => {
    const { tenants } = await operator.api('listTenants', { bearer: operator.accessToken, query });
    return tenants.map(({ id }) => id);
  };

  it('is found by its id, a part of its address or its name, and the mail address of its owner', async () => {
    const [first] = founders;
    const { slug = '', tenantId = '', person } = first ?? {};
    for (const search of [tenantId, slug, `Shop ${slug}`.toUpperCase(), person?.email ?? '']) {
      expect(await found({ search }), search).toEqual([tenantId]);
      expect(await found({ search, status: 'suspended' }), search).toEqual([]);
    }
    expect(await found({ search: 'no-such-shop' })).toEqual([]);
    expect(await found({ search: 'nobody@example.com' })).toEqual([]);
    expect(await codeOf(found({ search: 'x@example.com" or email ^= "' }))).toBe('invalid_request');
  });

  it('comes in the order that is asked for, either way round', async () => {
    const byName = await found({ sort: 'name' });
    expect(await found({ sort: '-name' })).toEqual([...byName].reverse());
    expect(await codeOf(found({ sort: 'colour' }))).toBe('invalid_request');
  });

  it('shows its health once somebody has looked, and can be listed by it', async () => {
    const [first] = founders;
    expect(await found({ health: 'unknown' })).toHaveLength(founders.length);
    await runJob(test.cloud, 'watch-health');
    const { tenants } = await operator.api('listTenants', {
      bearer: operator.accessToken,
      query: { health: 'quiet', search: first?.slug ?? '' },
    });
    expect(tenants).toMatchObject([{ id: first?.tenantId, health: { grade: 'quiet', lastEventAt: null } }]);
  });

  it('shows how it stands and what has happened to it, and of its people how many they are and what they may do, but never who', async () => {
    const [first] = founders;
    const overview = await operator.api('readTenantOverview', {
      bearer: operator.accessToken,
      params: { tenantId: first?.tenantId ?? '' },
    });
    expect(overview).toMatchObject({
      tenant: { id: first?.tenantId, status: 'active' },
      billing: { plan: { tier: 'standard' }, subscription: { status: expect.any(String) } },
      users: 1,
      tierChange: [],
    });
    expect(overview.onboarding.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
    expect(overview.entries.map(({ action }) => action)).toContain('tenant.registered');
    const registered = overview.entries.find(({ action }) => action === 'tenant.registered');
    expect(overview.roles[registered?.actor ?? '']).toBe('owner');
    expect(JSON.stringify(overview)).not.toContain(first?.person.email);
  });
});

describe('help for one company', () => {
  const send = (id: 'extendTrial' | 'changeTenantTier' | 'retryTenantOnboarding' | 'resendMail', body: object) =>
    operator.api(id, {
      bearer: operator.accessToken,
      params: { tenantId: founders[2]?.tenantId ?? '' },
      body: { reason: 'The customer asked for it', ...body },
    } as never);
  const entries = async () => {
    const { person } = founders[2] as Founder;
    return (await person.api('listAudit', { bearer: person.accessToken })).entries;
  };
  const billing = async () => {
    const { person } = founders[2] as Founder;
    return person.api('getBilling', { bearer: person.accessToken });
  };
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

  it('moves the end of a trial to a later time, once however often it is sent', async () => {
    const until = `${inDays(40).slice(0, 19)}.000Z`;
    for (const _ of [1, 2]) expect(await send('extendTrial', { until })).toEqual({ trialEnd: until });
    await waitUntil('the new end of the trial', async () =>
      (await billing()).subscription?.trialEnd === until ? true : undefined,
    );
    expect(await entries()).toContainEqual(
      expect.objectContaining({
        action: 'billing.trialExtended',
        actor: expect.stringMatching(/^operator:usr_/),
        details: expect.objectContaining({ until, reason: 'The customer asked for it' }),
      }),
    );
  });

  it('shortens no trial, gives none for years, and begins none', async () => {
    for (const until of [inDays(1), inDays(300)]) {
      await expect(send('extendTrial', { until })).rejects.toMatchObject({
        status: 400,
        problem: { errors: [{ field: 'until' }] },
      });
    }
  });

  it('begins no onboarding that has not failed, and sends the newest mail again', async () => {
    expect(await codeOf(send('retryTenantOnboarding', {}))).toBe('illegal_transition');
    expect(await codeOf(send('resendMail', {}))).toBe('served');
  });

  it('shows what the company used by the day, today the last of thirty', async () => {
    const tenantId = founders[2]?.tenantId ?? '';
    if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
    const today = new Date().toISOString().slice(0, 10);
    const Item = { ...usageKeys.day(tenantId, 'events_collected', today), steps: 17 };
    await rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, 'Usage'), Item }));
    const { days } = await operator.api('readTenantUsage', { bearer: operator.accessToken, params: { tenantId } });
    expect(days).toHaveLength(30);
    expect(days.at(-1)).toEqual({ day: today, events: 17, recommendations: 0 });
    expect(days[0]?.events).toBe(0);
  });

  it('shows the invoices of the company', async () => {
    const { invoices } = await operator.api('listTenantInvoices', {
      bearer: operator.accessToken,
      params: { tenantId: founders[2]?.tenantId ?? '' },
    });
    expect(invoices.length).toBeGreaterThan(0);
  });

  it('needs a reason', async () => {
    await expect(send('extendTrial', { until: inDays(50), reason: ' ' })).rejects.toMatchObject({
      status: 400,
      problem: { errors: expect.arrayContaining([expect.objectContaining({ field: 'reason' })]) },
    });
  });
});

describe('an impersonation', () => {
  const begin = (tenantId: string) =>
    operator.api('startImpersonation', {
      bearer: operator.accessToken,
      body: { tenantId, reason: 'The list of a shopper is empty' },
    });
  const seesTenant = () => codeOf(operator.api('getTenant', { bearer: operator.accessToken }));

  it('shows the tenant as a viewer sees it, changes nothing as its user, and stands in its audit log', async () => {
    const [first] = founders;
    if (!first) throw new Error('no founder');
    await begin(first.tenantId);
    await operator.refresh();
    expect(claimsOf(operator.accessToken)).toMatchObject({ tenantId: first.tenantId, role: 'viewer' });
    const me = await operator.api('getMe', { bearer: operator.accessToken });
    expect(me).toMatchObject({ impersonation: { tenantId: first.tenantId }, memberships: [] });
    expect(await seesTenant()).toBe('served');
    const rename = operator.api('updateTenant', { bearer: operator.accessToken, body: { name: 'Mine' } });
    expect(await codeOf(rename)).toBe('forbidden');
    expect(await codeOf(operator.api('listApiKeys', { bearer: operator.accessToken }))).toBe('forbidden');

    await operator.api('endImpersonation', { bearer: operator.accessToken, params: { tenantId: first.tenantId } });
    // The token still names the tenant, and is a stranger's now.
    expect(await seesTenant()).toBe('forbidden');
    await operator.refresh();
    expect(claimsOf(operator.accessToken).tenantId).toBeUndefined();

    const { entries } = await first.person.api('listAudit', { bearer: first.person.accessToken });
    expect(entries.slice(0, 2)).toMatchObject([
      { action: 'impersonation.ended', actor: expect.stringMatching(/^operator:usr_/) },
      { action: 'impersonation.started', details: { reason: 'The list of a shopper is empty' } },
    ]);
  });

  it('is over by itself after its hour, for a token that was made within it', async () => {
    const [, second] = founders;
    if (!second) throw new Error('no founder');
    await begin(second.tenantId);
    await operator.refresh();
    expect(await seesTenant()).toBe('served');
    const { userId } = claimsOf(operator.accessToken);
    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName: tableName(test.cloud, 'Control'),
        Key: { pk: `TENANT#${second.tenantId}`, sk: `IMPERSONATION#${userId}` },
        UpdateExpression: 'SET #until = :past',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':past': new Date(Date.now() - 1000).toISOString() },
      }),
    );
    expect(await seesTenant()).toBe('forbidden');
  });

  it('needs a reason, and a tenant that exists', async () => {
    const start = (body: object) => operator.api('startImpersonation', { bearer: operator.accessToken, body });
    await expect(start({ tenantId: founders[0]?.tenantId })).rejects.toMatchObject({
      status: 400,
      problem: { errors: [{ field: 'reason' }] },
    });
    await expect(start({ tenantId: `ten_${'0'.repeat(26)}`, reason: 'looking around' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('is nothing that a tenant’s own owner can do', async () => {
    const [first, second] = founders;
    const call = first?.person.api('startImpersonation', {
      bearer: first.person.accessToken,
      body: { tenantId: second?.tenantId, reason: 'curiosity' },
    });
    expect(await codeOf(Promise.resolve(call))).toBe('forbidden');
  });
});

describe('the audit log', () => {
  it('is read newest first, page by page, and another tenant’s cursor is only a place in time', async () => {
    const [first, second] = founders;
    if (!first || !second) throw new Error('no founders');
    const page = (founder: Founder, query: Record<string, string>) =>
      founder.person.api('listAudit', { bearer: founder.person.accessToken, query });
    const whole = await page(first, {});
    const one = await page(first, { limit: '1' });
    const rest = await page(first, { cursor: one.cursor ?? '' });
    expect([...one.entries, ...rest.entries]).toEqual(whole.entries);
    expect(whole.cursor).toBeNull();
    const foreign = await page(second, { limit: '1' });
    const answer = await page(first, { cursor: foreign.cursor ?? '' });
    const own = new Set(whole.entries.map(({ id }) => id));
    expect(answer.entries.every(({ id }) => own.has(id))).toBe(true);
  });
});
