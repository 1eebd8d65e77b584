import { answerKeptSeconds } from '@tenantry/core/contract/idempotency';
import { contract, type RouteId } from '@tenantry/core/contract/routes';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allRows } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** What comes again with the same Idempotency-Key makes nothing a second time, over the wire and by the deployed policies. */
let test: TestCloud;
let shop: Founder;
beforeAll(async () => {
  test = await startTestCloud();
  shop = await test.founder('standard');
}, 120_000);
afterAll(() => test?.close());

interface Sent {
  readonly key?: string;
  readonly body?: object;
  readonly params?: Readonly<Record<string, string>>;
  readonly who?: Founder;
}

async function send(id: RouteId, { key, body, params = {}, who = shop }: Sent) {
  const { method, path } = contract[id];
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const response = await fetch(`${test.instance.siteUrl}${target}`, {
    method,
    headers: {
      authorization: `Bearer ${who.person.accessToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: JSON.parse(text),
    replayed: response.headers.get('idempotent-replayed'),
    retryAfter: response.headers.get('retry-after'),
  };
}

const keysNamed = async (name: string) => {
  const { apiKeys } = await shop.person.api('listApiKeys', { bearer: shop.person.accessToken });
  return apiKeys.filter((one) => one.name === name);
};

it('an API key is made once, its secret is told again to whoever made it, and is kept where nobody can read it', async () => {
  const request = { key: 'one-key', body: { name: 'Once', kind: 'secret' } };
  const first = await send('createApiKey', request);
  const again = await send('createApiKey', request);
  expect([first.status, first.replayed, again.status, again.replayed]).toEqual([201, null, 201, 'true']);
  expect(again.text).toBe(first.text);
  expect(await keysNamed('Once')).toHaveLength(1);
  const rows = (await allRows(test.cloud, 'Control')).filter(({ pk }) => pk === `TENANT#${shop.tenantId}#ANSWERS`);
  expect(rows).toHaveLength(1);
  expect(Math.abs(Number(rows[0]?.expiresAt) - Date.now() / 1000 - answerKeptSeconds)).toBeLessThan(120);
  const kept = JSON.stringify(await allRows(test.cloud, 'Control'));
  expect(kept).not.toContain(first.body.secret);
  expect(kept).not.toContain('one-key');
});

it('of many that arrive at once one makes a key, and the others are told to wait or what it made', async () => {
  const request = { key: 'at once', body: { name: 'At once', kind: 'publishable' } };
  const answers = await Promise.all(Array.from({ length: 6 }, () => send('createApiKey', request)));
  for (const { status, body, retryAfter } of answers.filter((one) => one.status !== 201)) {
    expect([status, body.code, retryAfter]).toEqual([409, 'idempotency_in_progress', '1']);
  }
  expect(await keysNamed('At once')).toHaveLength(1);
  const told = await send('createApiKey', request);
  for (const { text } of answers.filter((one) => one.status === 201)) expect(text).toBe(told.text);
});

it('a key that was used for another request is refused, and says so by its field', async () => {
  await send('createApiKey', { key: 'taken', body: { name: 'Taken', kind: 'secret' } });
  const other = await send('createApiKey', { key: 'taken', body: { name: 'Other', kind: 'secret' } });
  expect([other.status, other.body.code, other.body.errors[0].field]).toEqual([
    422,
    'idempotency_conflict',
    'Idempotency-Key',
  ]);
  expect(await keysNamed('Other')).toEqual([]);
});

it('two companies that use the same key have nothing to do with each other', async () => {
  const other = await test.founder('standard');
  const request = { key: 'shared', body: { name: 'Shared', kind: 'secret' } };
  const ours = await send('createApiKey', request);
  const theirs = await send('createApiKey', { ...request, who: other });
  expect([theirs.status, theirs.replayed]).toEqual([201, null]);
  expect(theirs.body.secret).not.toBe(ours.body.secret);
});

it('what was refused can be sent again by the same key once it is put right', async () => {
  const email = `${Date.now()}@example.com`;
  const refused = await send('inviteUser', { key: 'invite', body: { email: shop.person.email, role: 'member' } });
  expect(refused.body.code).toBe('conflict');
  const invited = await send('inviteUser', { key: 'invite', body: { email, role: 'member' } });
  const again = await send('inviteUser', { key: 'invite', body: { email, role: 'member' } });
  expect([invited.status, again.status, again.replayed]).toEqual([201, 201, 'true']);
  expect(again.text).toBe(invited.text);
  const params = { invitationId: invited.body.id };
  const renewed = await send('renewInvitation', { key: 'renew', params });
  expect([renewed.status, (await send('renewInvitation', { key: 'renew', params })).text]).toEqual([200, renewed.text]);
  const mails = (await allRows(test.cloud, 'Audit')).filter(
    ({ details }) => Object(details).invitationId === params.invitationId,
  );
  expect(mails.map(({ action }) => action)).toEqual(['user.invited', 'user.invitationRenewed']);
});

it('a webhook is made once, and its secret changed once', async () => {
  const body = { url: 'http://localhost:9/hooks', events: ['tenant.deactivated'] };
  const made = await send('createWebhook', { key: 'hook', body });
  expect((await send('createWebhook', { key: 'hook', body })).text).toBe(made.text);
  const params = { webhookId: made.body.webhook.id };
  const rotated = await send('rotateWebhookSecret', { key: 'rotate', params });
  expect(rotated.body.secret).not.toBe(made.body.secret);
  expect((await send('rotateWebhookSecret', { key: 'rotate', params })).text).toBe(rotated.text);
  const { webhooks } = await shop.person.api('listWebhooks', { bearer: shop.person.accessToken });
  expect(webhooks).toHaveLength(1);
});

it('an experiment and an export that are begun already are told instead of refused', async () => {
  const body = {
    name: 'Halves',
    variants: [
      { name: 'a', percent: 50 },
      { name: 'b', percent: 50, rules: false },
    ],
  };
  const started = await send('startExperiment', { key: 'experiment', body });
  expect([started.status, (await send('startExperiment', { key: 'experiment', body })).text]).toEqual([
    201,
    started.text,
  ]);
  const exported = await send('startExport', { key: 'export' });
  expect([exported.status, (await send('startExport', { key: 'export' })).text]).toEqual([202, exported.text]);
  await until('the export', async () => {
    const { exports } = await shop.person.api('listExports', { bearer: shop.person.accessToken });
    return exports.every(({ status }) => status !== 'running') || undefined;
  });
  const { exports } = await shop.person.api('listExports', { bearer: shop.person.accessToken });
  expect(exports.map(({ id }) => id)).toEqual([exported.body.exportId]);
});
