import { createIdSource } from '@tenantry/core/ids/id';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { type Person, until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** A suspended tenant is served by nothing within a minute, and served again once the suspension ends. */
const SUSPENDED_WITHIN_MS = 60_000;

let test: TestCloud;
let operator: Person;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
}, 120_000);
afterAll(() => test?.close());

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'served',
    (error: unknown) => (error instanceof ApiProblem ? String(error.problem.code) : String(error)),
  );

const suspend = (tenantId: string, reason = 'unpaid for two months') =>
  operator.api('suspendTenant', { bearer: operator.accessToken, params: { tenantId }, body: { reason } });
const reactivate = (tenantId: string) =>
  operator.api('reactivateTenant', { bearer: operator.accessToken, params: { tenantId } });
const readTenant = (tenantId: string) =>
  operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
const active = (tenantId: string) =>
  until('the reactivation', async () => ((await readTenant(tenantId)).status === 'active' ? true : undefined), 60_000);

const podsOf = (tenantId: string) =>
  (test.cloud.kubernetes?.pods() ?? []).filter(({ namespace }) => tenantId.endsWith(namespace));

describe.each(['standard', 'premium'] as const)('a %s tenant that is suspended', (tier) => {
  let founder: Founder;
  let key: string;
  const callers = () => ({
    events: () =>
      founder.person.api('collectEvents', {
        bearer: key,
        body: { events: [{ shopperId: 's', itemId: 'i', type: 'view' }] },
      }),
    recommendations: () => founder.person.api('recommend', { bearer: key, body: { shopperId: 's' } }),
    preview: () =>
      founder.person.api('previewRecommendations', { bearer: founder.person.accessToken, body: { shopperId: 's' } }),
    training: () => founder.person.api('trainModel', { bearer: founder.person.accessToken }),
    newKey: () =>
      founder.person.api('createApiKey', {
        bearer: founder.person.accessToken,
        body: { name: 'Another', kind: 'publishable' },
      }),
  });

  beforeAll(async () => {
    founder = await test.founder(tier);
    key = await founder.person.createKey('secret');
    const newId = createIdSource();
    const events = Array.from({ length: 40 }, (_, i) => ({
      id: newId('event'),
      shopperId: `shopper-${i >> 2}`,
      itemId: `item-${i % 7}`,
      type: 'view',
    }));
    await founder.person.api('collectEvents', { bearer: key, body: { events } });
    await until('the archive', async () => {
      const { archivedEvents } = await founder.person.api('getActivity', { bearer: founder.person.accessToken });
      return archivedEvents >= 40 ? true : undefined;
    });
    // Every cache is warm: authorizers', credentials', clients', models' and endpoints'.
    for (const call of [callers().events, callers().recommendations, callers().preview]) await call();
  }, 120_000);

  it('is refused by every way in within 60 seconds, with the same token and key, and loses what runs for it', async () => {
    await callers().training();
    const began = Date.now();
    const answer = await suspend(founder.tenantId);
    expect(answer).toMatchObject({ status: 'suspended', suspension: { wanted: 'suspended', problem: null } });

    // Whoever is asked about a token reads the status itself, so these count at once.
    for (const [name, call] of Object.entries(callers())) {
      if (name === 'events' || name === 'recommendations') continue;
      expect(await codeOf(call()), name).toBe('tenant_suspended');
    }
    for (const name of ['events', 'recommendations'] as const) {
      await until(
        `refusal of ${name}`,
        async () => ((await codeOf(callers()[name]())) === 'tenant_suspended' ? true : undefined),
        SUSPENDED_WITHIN_MS,
      );
    }
    await until('the silo to stop', async () => (podsOf(founder.tenantId).length === 0 ? true : undefined));
    expect(Date.now() - began).toBeLessThan(SUSPENDED_WITHIN_MS);

    const { training } = await founder.person.api('listModels', { bearer: founder.person.accessToken });
    expect(training?.status).not.toBe('running');
  }, 90_000);

  it('says so in the next access token, and still shows its members what there is', async () => {
    await founder.person.refresh();
    const { status } = await founder.person.api('getTenant', { bearer: founder.person.accessToken });
    expect(status).toBe('suspended');
    const { apiKeys } = await founder.person.api('listApiKeys', { bearer: founder.person.accessToken });
    expect(apiKeys).toHaveLength(1);
  });

  it('takes the same request again for the same suspension', async () => {
    const again = await suspend(founder.tenantId, 'another reason');
    expect(again.suspension).toMatchObject({ reason: 'unpaid for two months' });
  });

  it('is served again after the suspension, with the same token and key', async () => {
    const answer = await reactivate(founder.tenantId);
    expect(answer).toMatchObject({ status: 'suspended', suspension: { wanted: 'active' } });
    await active(founder.tenantId);
    expect(await codeOf(callers().preview())).toBe('served');
    for (const name of ['events', 'recommendations'] as const) {
      await until(
        `${name} to be served`,
        async () => ((await codeOf(callers()[name]())) === 'served' ? true : undefined),
        SUSPENDED_WITHIN_MS,
      );
    }
    const list = await founder.person.api('recommend', { bearer: key, body: { shopperId: 's' } });
    expect(list.servedBy).toBe(tier === 'standard' ? 'pool' : 'silo');
    expect(podsOf(founder.tenantId)).toHaveLength(tier === 'standard' ? 0 : 1);
  }, 150_000);

  it('finds who did it and why in its audit log', async () => {
    const { entries } = await founder.person.api('listAudit', { bearer: founder.person.accessToken });
    const changes = entries.filter(({ action }) => action.startsWith('tenant.')).slice(0, 3);
    expect(changes.map(({ action, details }) => ({ action, to: details.to }))).toEqual([
      { action: 'tenant.status', to: 'active' },
      { action: 'tenant.reactivation', to: undefined },
      { action: 'tenant.status', to: 'suspended' },
    ]);
    expect(changes[2]).toMatchObject({
      actor: expect.stringMatching(/^operator:usr_/),
      details: { reason: 'unpaid for two months' },
    });
  });
});

describe('the suspension of a tenant', () => {
  it('wins over a reactivation that is under way', async () => {
    const { tenantId } = await test.founder('premium');
    await suspend(tenantId);
    await reactivate(tenantId);
    const { suspension } = await suspend(tenantId, 'not so fast');
    expect(suspension).toMatchObject({ wanted: 'suspended', reason: 'not so fast' });
    await until('the silo to stop', async () => (podsOf(tenantId).length === 0 ? true : undefined), 60_000);
    expect((await readTenant(tenantId)).status).toBe('suspended');
  }, 90_000);

  it('is refused for a tenant that is not active, naming both states, and for one that does not exist', async () => {
    const person = await test.signUp();
    const { tenantId } = await person.register({ name: 'Unpaid', slug: `unpaid-${process.pid}`, tier: 'standard' });
    await expect(suspend(tenantId)).rejects.toMatchObject({
      status: 409,
      problem: { code: 'illegal_transition', detail: expect.stringMatching(/pending.*suspended/) },
    });
    await expect(reactivate(tenantId)).rejects.toMatchObject({ problem: { code: 'illegal_transition' } });
    await expect(suspend(`ten_${'0'.repeat(26)}`)).rejects.toMatchObject({ status: 404 });
  });
});
