import { createHash } from 'node:crypto';
import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createProbeKey } from '@tenantry/core/apikey/probe-key';
import { certifiedText } from '@tenantry/core/deletion/certificate';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { startTraining } from '@tenantry/core/training/training';
import { type Person, until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { exportAll } from '../../support/exports.ts';
import { join } from '../../support/members.ts';
import { allRows, rootClient, subscriptionRow, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';

/** A company leaves with everything that it had, and nobody else loses anything. */
let test: TestCloud;
let operator: Person;

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
}, 120_000);
afterAll(() => test?.close());

const readTenant = (tenantId: string) =>
  operator.api('readTenant', { bearer: operator.accessToken, params: { tenantId } });
const status = (tenantId: string, wanted: string) =>
  until(
    `the status ${wanted}`,
    async () => {
      const { status, deletionProblem } = await readTenant(tenantId);
      if (deletionProblem) throw new Error(deletionProblem);
      return status === wanted ? true : undefined;
    },
    110_000,
  );
const deleteNow = (tenantId: string) =>
  operator.api('deleteTenant', {
    bearer: operator.accessToken,
    params: { tenantId },
    body: { reason: 'The customer asked for it in writing' },
  });
const leave = ({ person, slug }: Founder, confirm = slug) =>
  person.api('deactivateTenant', { bearer: person.accessToken, query: { confirm } });

async function logins(): Promise<readonly (string | undefined)[]> {
  const { graph, urls, rootCredentials } = test.cloud;
  const cognito = new CognitoIdentityProviderClient({
    endpoint: urls.aws,
    region: 'us-east-1',
    credentials: rootCredentials,
  });
  const UserPoolId = resourceNamed(graph, 'aws:cognito/userPool:UserPool', 'UsersUserPool').id;
  const { Users = [] } = await cognito.send(new ListUsersCommand({ UserPoolId }));
  cognito.destroy();
  return Users.map(({ Attributes = [] }) => Attributes.find(({ Name }) => Name === 'email')?.Value);
}

async function subscriptionOf(tenantId: string) {
  return subscriptionRow(test.cloud, tenantId);
}

function stripeKey(): string {
  const billing = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'TasksDeletionBilling');
  return billing?.environment.STRIPE_SECRET_KEY ?? '';
}

/** Straight from Stripe. */
async function stripe(path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${test.cloud.urls.stripe}/v1/${path}`, {
    headers: { authorization: `Bearer ${stripeKey()}` },
  });
  return (await response.json()) as Record<string, unknown>;
}

/** A company with rows and objects wherever a company can have any; its shoppers and items are called as everybody's. */
async function trading(tier: 'standard' | 'premium'): Promise<{ founder: Founder; key: string }> {
  const founder = await test.founder(tier);
  const { person } = founder;
  const { api, accessToken: bearer } = person;
  const key = await person.createKey('secret');
  const events = Array.from({ length: 48 }, (_, i) => ({
    shopperId: `shopper-${i % 12}`,
    itemId: `item-${i % 5}`,
    type: 'view',
  }));
  await api('collectEvents', { bearer: key, body: { events } });
  await api('putItems', { bearer: key, body: { items: [{ id: 'item-0' }] } });
  const rules = [{ name: 'Last', effect: 'bury' as const, on: { itemIds: ['item-1'] } }];
  await api('putRules', { bearer, body: { version: 0, rules } });
  await until('the archive', async () => {
    const { archivedEvents } = await api('getActivity', { bearer });
    return archivedEvents >= events.length ? true : undefined;
  });
  await api('trainModel', { bearer });
  await until('the model', async () => {
    const { models } = await api('listModels', { bearer });
    return models.length > 0 ? true : undefined;
  });
  const { recommendationId } = await api('recommend', { bearer: key, body: { shopperId: 'shopper-1' } });
  await until('the feedback', async () => {
    const feedback = [{ type: 'impression', recommendationId, shopperId: 'shopper-1' }];
    return (await api('sendFeedback', { bearer: key, body: { feedback } })).accepted === 1 ? true : undefined;
  });
  await exportAll(person);
  await api('inviteUser', { bearer, body: { email: `invited-to-${founder.slug}@example.com`, role: 'viewer' } });
  return { founder, key };
}

/** A company that leaves, another one that stays, and somebody who works for both. */
interface Case {
  readonly tier: 'standard' | 'premium';
  readonly founder: Founder;
  readonly key: string;
  readonly other: { readonly founder: Founder; readonly key: string };
  readonly ofBoth: Person;
}

async function newCase(tier: Case['tier']): Promise<Case> {
  const [{ founder, key }, other] = await Promise.all([trading(tier), trading(tier)]);
  // As a probe leaves it that ends before it can remove its key, and one that does not expire before the company is deleted.
  const control = { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') };
  await createProbeKey(control, founder.tenantId as TenantId, new Date(Date.now() + 3_600_000));
  const ofBoth = await test.signUp();
  await join(test, ofBoth, founder.tenantId, 'admin');
  await join(test, ofBoth, other.founder.tenantId, 'admin');
  return { tier, founder, key, other, ofBoth };
}

describe('a company of each tier that leaves', () => {
  let cases: readonly Case[];
  const each = async (work: (one: Case) => Promise<void>): Promise<void> => {
    await Promise.all(cases.map(work));
  };
  beforeAll(async () => {
    cases = await Promise.all((['standard', 'premium'] as const).map(newCase));
  }, 120_000);

  it('is asked to confirm with its own slug, and changes nothing without', () =>
    each(async ({ founder, other }) => {
      await expect(leave(founder, other.founder.slug)).rejects.toMatchObject({
        problem: { code: 'invalid_request', errors: [{ field: 'confirm' }] },
      });
      expect(await readTenant(founder.tenantId)).toMatchObject({ status: 'active', deactivation: null });
    }));

  it(
    'comes back, with the same key and data, when it is undone in time',
    () =>
      each(async ({ tier, founder, key }) => {
        const { person, tenantId } = founder;
        const left = await leave(founder);
        expect(left).toMatchObject({ status: 'deactivating', deactivation: { final: false } });
        const { since, until: end } = left.deactivation ?? { since: '', until: '' };
        expect(Date.parse(end) - Date.parse(since)).toBe(72 * 3_600_000);
        expect(await codeOf(person.api('trainModel', { bearer: person.accessToken }))).toBe('tenant_not_active');
        const { subscriptionId } = await subscriptionOf(tenantId);
        await until('the end of renewals', async () => {
          const { cancel_at_period_end } = await stripe(`subscriptions/${subscriptionId}`);
          return cancel_at_period_end === true ? true : undefined;
        });
        if (tier === 'premium') {
          await until('the silo to stop', async () => {
            const pods = test.cloud.kubernetes?.pods() ?? [];
            return pods.every(({ namespace }) => !tenantId.endsWith(namespace)) ? true : undefined;
          });
        }
        expect((await leave(founder)).deactivation).toEqual(left.deactivation);

        await person.api('restoreTenant', { bearer: person.accessToken });
        await status(tenantId, 'active');
        expect(await stripe(`subscriptions/${subscriptionId}`)).toMatchObject({ cancel_at_period_end: false });
        const answer = await until(
          'the recommendations',
          async () => {
            const { api } = person;
            return api('recommend', { bearer: key, body: { shopperId: 'shopper-1' } }).catch(() => undefined);
          },
          60_000,
        );
        expect(answer.items.length).toBeGreaterThan(0);
        expect(await codeOf(person.api('restoreTenant', { bearer: person.accessToken }))).toBe('tenant_not_active');
      }),
    120_000,
  );

  it(
    'is gone from every store, table, cluster, login and Stripe, and a certificate says so',
    () =>
      each(async ({ tier, founder, other, ofBoth }) => {
        // As a training that was lost leaves it: running, without an execution.
        const control = { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') };
        await startTraining(control, founder.tenantId as TenantId, newId('model'), new Date());
        const { person, tenantId, slug } = founder;
        const { subscriptionId, customerId } = await subscriptionOf(tenantId);
        const before = await tracesOf(test.cloud, tenantId);
        await leave(founder);
        await deleteNow(tenantId);
        await status(tenantId, 'deleted');

        const traces = (await tracesOf(test.cloud, tenantId)).map((trace) => trace.replace(/ aud_\w+$/, ' aud'));
        const table = traces[0]?.split(' ')[1] ?? '';
        expect(before.length).toBeGreaterThan(80);
        expect(traces.map((trace) => trace.split(' ').slice(2).join(' ')).sort()).toEqual(
          [`TENANT#${tenantId} CERTIFICATE`, `TENANT#${tenantId} META`, `TENANT#${tenantId} aud`].sort(),
        );
        expect(table).not.toBe('');
        const meta = (await allRows(test.cloud, 'Control')).find(
          ({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'META',
        );
        expect(JSON.stringify(meta)).not.toContain(slug);
        expect((await allRows(test.cloud, 'Control')).some(({ pk }) => pk === `SLUG#${slug}`)).toBe(false);
        expect(await stripe(`subscriptions/${subscriptionId}`)).toMatchObject({ status: 'canceled' });
        expect(await stripe(`customers/${customerId}`)).toMatchObject({ deleted: true });

        const emails = await logins();
        expect(emails).not.toContain(person.email);
        expect(emails).toContain(ofBoth.email);
        expect(emails).toContain(other.founder.person.email);

        const { sha256, ...statement } = await operator.api('readCertificate', {
          bearer: operator.accessToken,
          params: { tenantId },
        });
        expect(createHash('sha256').update(certifiedText(statement)).digest('hex')).toBe(sha256);
        expect(statement).toMatchObject({
          tenantId,
          remaining: 0,
          deleted: {
            events: 48,
            members: 2,
            logins: 1,
            silos: tier === 'premium' ? 1 : 0,
            subscriptions: 1,
          },
        });
        for (const [name, count] of Object.entries(statement.deleted)) {
          if (name !== 'silos') expect(count, name).toBeGreaterThan(0);
        }
      }),
    150_000,
  );

  it('takes nothing of anybody else with it', () =>
    each(async ({ other, ofBoth }) => {
      const { person, tenantId } = other.founder;
      expect(await readTenant(tenantId)).toMatchObject({ status: 'active' });
      const { items } = await person.api('recommend', { bearer: other.key, body: { shopperId: 'shopper-1' } });
      expect(items.length).toBeGreaterThan(0);
      const events = (await tracesOf(test.cloud, tenantId)).filter(
        (trace) => trace.includes('#shopper-') && trace.includes('#evt_'),
      );
      expect(events.length).toBeGreaterThanOrEqual(48);
      await ofBoth.refresh();
      const { memberships } = await ofBoth.api('getMe', { bearer: ofBoth.accessToken });
      expect(memberships.map((membership) => membership.tenant.id)).toEqual([tenantId]);
    }));

  it('leaves its slug to whoever comes next', () =>
    each(async ({ founder }) => {
      const next = await test.signUp();
      const { tenantId } = await next.register({ name: 'Next', slug: founder.slug, tier: 'standard' });
      expect(tenantId).not.toBe(founder.tenantId);
    }));
});
