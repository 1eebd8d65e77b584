import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RouteId } from '@tenantry/core/contract/routes';
import { controlKeys } from '@tenantry/core/control/keys';
import { isTenantId, newId } from '@tenantry/core/ids/id';
import { isSignedBy } from '@tenantry/core/webhook/signature';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Received, startReceiver } from '../../support/receiver.ts';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { type Founder, root, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
let shop: Founder;
let other: Founder;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  test = await startTestCloud();
  [shop, other] = await Promise.all([test.founder('standard'), test.founder('standard')]);
}, 400_000);

afterAll(() => test?.close());

beforeEach(async () => {
  receiver = await startReceiver();
  return async () => {
    for (const { id } of (await shop.person.api('listWebhooks', { bearer: shop.person.accessToken })).webhooks) {
      await shop.person.api('deleteWebhook', { bearer: shop.person.accessToken, params: { webhookId: id } });
    }
    await receiver.close();
  };
});

type Body = Readonly<Record<string, unknown>>;
const call = <Id extends RouteId>(
  id: Id,
  request: { params?: Readonly<Record<string, string>>; query?: Readonly<Record<string, string>>; body?: Body } = {},
  who: Founder = shop,
) => who.person.api(id, { bearer: who.person.accessToken, ...request });

const create = (events: readonly string[] = ['api-key.created'], url = receiver.url) =>
  call('createWebhook', { body: { url, events: [...events], description: 'Test' } });

const deliveriesOf = async (webhookId: string) => (await call('listDeliveries', { params: { webhookId } })).deliveries;

const delivery = (webhookId: string, suits: (one: Awaited<ReturnType<typeof deliveriesOf>>[number]) => boolean) =>
  until('the delivery', async () => (await deliveriesOf(webhookId)).find(suits), 40_000);

const arrived = (count: number): Promise<Received> =>
  until('the receiver', async () => receiver.received[count - 1], 40_000);

const signedBy = (secret: string, { headers, body, at }: Received): boolean =>
  isSignedBy(
    secret,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    at,
  );

const makeKey = async () => (await call('createApiKey', { body: { name: 'Web shop', kind: 'publishable' } })).apiKey;
const revoke = (keyId: string) => call('revokeApiKey', { params: { keyId } });

describe('an event', () => {
  it('reaches the endpoints that asked for it, signed, once each, and no other', async () => {
    const { webhook, secret } = await create(['api-key.created']);
    const { webhook: deaf } = await create(['member.removed']);
    const key = await makeKey();
    const message = await arrived(1);
    expect(signedBy(secret, message)).toBe(true);
    expect(message.headers['content-type']).toBe('application/json');
    expect(JSON.parse(message.body)).toEqual({
      type: 'api-key.created',
      timestamp: expect.stringMatching(/Z$/),
      data: { tenantId: shop.tenantId, actor: expect.stringMatching(/^usr_/), keyId: key.id, kind: 'publishable' },
    });
    const sent = await delivery(webhook.id, ({ status }) => status === 'delivered');
    expect(sent.messageId).toBe(message.headers['webhook-id']);
    expect(sent.attempts).toEqual([
      { requestId: expect.any(String), at: expect.any(String), ms: expect.any(Number), status: 204, answer: '' },
    ]);
    // What happens afterwards has arrived, so nothing of before is still on its way.
    await revoke(key.id);
    await call('updateWebhook', { params: { webhookId: webhook.id }, body: { events: ['api-key.revoked'] } });
    await revoke((await makeKey()).id);
    await arrived(2);
    expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['api-key.created', 'api-key.revoked']);
    expect(await deliveriesOf(deaf.id)).toEqual([]);
  });

  it('is verified by the lines of the documentation', async () => {
    const { webhook, secret } = await create();
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const { headers, body } = await arrived(1);
    const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
    const lines = /```js\n(\/\/ verify\.mjs\n[\s\S]*?)```/.exec(page)?.[1] ?? '';
    const { verify } = await import(`data:text/javascript,${encodeURIComponent(lines)}`);
    expect(verify(secret, headers, body)).toEqual(JSON.parse(body));
    expect(() => verify(secret, headers, `${body} `)).toThrow();
    expect(() => verify(secret, { ...headers, 'webhook-timestamp': '1' }, body)).toThrow();
  });

  it('is sent again after a failure, with the same id and body, and the log shows each attempt', async () => {
    const { webhook, secret } = await create();
    receiver.answerWith((response) => response.writeHead(500).end(`broken${'x'.repeat(5000)}`));
    const key = await makeKey();
    const first = await arrived(1);
    const waiting = await delivery(webhook.id, ({ attempts }) => attempts.length === 1);
    expect(waiting).toMatchObject({ status: 'pending', attempts: [{ status: 500 }] });
    expect(waiting.attempts[0]?.answer).toHaveLength(1024);
    expect(Date.parse(waiting.nextAttemptAt ?? '')).toBeGreaterThan(first.at.getTime() + 3_500);
    expect((await call('listWebhooks')).webhooks[0]?.failingSince).not.toBeNull();
    receiver.takeAll();
    const second = await arrived(2);
    expect(second.at.getTime() - first.at.getTime()).toBeGreaterThan(3_500);
    expect([second.headers['webhook-id'], second.body]).toEqual([first.headers['webhook-id'], first.body]);
    expect(signedBy(secret, second)).toBe(true);
    const done = await delivery(webhook.id, ({ status }) => status === 'delivered');
    expect(done.attempts.map(({ status }) => status)).toEqual([500, 204]);
    await until('the health', async () => (await call('listWebhooks')).webhooks[0]?.failingSince === null || undefined);
    await revoke(key.id);
  });

  it('that nobody answers ends in time, and is not forgotten', async () => {
    const { webhook } = await create();
    receiver.answerWith(() => undefined);
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const waiting = await delivery(webhook.id, ({ attempts }) => attempts.length === 1);
    expect(waiting).toMatchObject({
      status: 'pending',
      attempts: [{ status: null, answer: 'No answer came in time.' }],
    });
  });

  it('is sent again when somebody asks for it, with the id that it had', async () => {
    const { webhook } = await create();
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const { messageId } = await delivery(webhook.id, ({ status }) => status === 'delivered');
    await call('redeliver', { params: { webhookId: webhook.id, messageId } });
    const again = await arrived(2);
    expect(again.headers['webhook-id']).toBe(messageId);
    const done = await delivery(webhook.id, ({ attempts }) => attempts.length === 2);
    expect(done.status).toBe('delivered');
  });
});

describe('a signing secret', () => {
  it('is kept where nobody can read it', async () => {
    const { webhook, secret } = await create();
    expect(JSON.stringify(await call('listWebhooks'))).not.toContain(secret);
    const rows = await allRows(test.cloud, 'Control');
    expect(rows.some(({ sk }) => sk === webhook.id)).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
  });

  it('that was replaced signs beside the new one for a day', async () => {
    const { webhook, secret } = await create();
    const params = { webhookId: webhook.id };
    const rotated = await call('rotateWebhookSecret', { params });
    expect(rotated.secret).not.toBe(secret);
    const until24h = Date.parse(rotated.webhook.previousSecretUntil ?? '') - Date.now();
    expect(Math.abs(until24h - 24 * 3_600_000)).toBeLessThan(60_000);
    await call('testWebhook', { params });
    const both = await arrived(1);
    expect([signedBy(secret, both), signedBy(rotated.secret, both)]).toEqual([true, true]);
    await setRow(webhook.id, 'previous.#until = :value', { '#until': 'until' }, new Date().toISOString());
    await call('testWebhook', { params });
    const one = await arrived(2);
    expect([signedBy(secret, one), signedBy(rotated.secret, one)]).toEqual([false, true]);
  });
});

/** Brings about what only days would. */
async function setRow(webhookId: string, set: string, names: Record<string, string> | undefined, value: string) {
  if (!isTenantId(shop.tenantId)) throw new Error('not a tenant id');
  await rootClient(test.cloud).send(
    new UpdateCommand({
      TableName: tableName(test.cloud, 'Control'),
      Key: controlKeys.webhook(shop.tenantId, webhookId),
      UpdateExpression: `SET ${set}`,
      ...(names ? { ExpressionAttributeNames: names } : {}),
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}

describe('an endpoint', () => {
  it('that has taken nothing for days is switched off, and its company is mailed once', async () => {
    const { webhook } = await create();
    const params = { webhookId: webhook.id };
    receiver.answerWith((response) => response.writeHead(503).end());
    await setRow(webhook.id, 'failingSince = :value', undefined, new Date(Date.now() - 6 * 86_400_000).toISOString());
    await call('testWebhook', { params });
    const off = await until('the switch', async () =>
      (await call('listWebhooks')).webhooks.find(({ enabled }) => !enabled),
    );
    expect(off.off).toEqual({ reason: 'failing', at: expect.any(String) });
    const given = await delivery(webhook.id, ({ status }) => status === 'failed');
    expect(given.attempts).toHaveLength(1);
    const mail = await until('the mail', () => mailTo(shop.person.email, 'was switched off'));
    expect(mail).toContain('127.0.0.1');
    expect(mail).toContain(`${test.instance.siteUrl}/settings/webhooks`);
    await expect(call('testWebhook', { params })).rejects.toMatchObject({ problem: { code: 'conflict' } });
    await expect(call('redeliver', { params: { ...params, messageId: given.messageId } })).rejects.toMatchObject({
      problem: { code: 'conflict' },
    });
    receiver.takeAll();
    expect(await call('updateWebhook', { params, body: { enabled: true } })).toMatchObject({
      enabled: true,
      off: null,
      failingSince: null,
    });
    await call('redeliver', { params: { ...params, messageId: given.messageId } });
    await delivery(webhook.id, ({ status }) => status === 'delivered');
    const { entries } = await call('listAudit', { query: { limit: '50' } });
    const actions = entries.filter(({ details }) => details.webhookId === webhook.id).map(({ action }) => action);
    expect(actions).toEqual(['webhook.changed', 'webhook.switchedOff', 'webhook.created']);
  });

  it('that says it is gone is switched off at once', async () => {
    const { webhook } = await create();
    receiver.answerWith((response) => response.writeHead(410).end());
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const off = await until('the switch', async () =>
      (await call('listWebhooks')).webhooks.find(({ enabled }) => !enabled),
    );
    expect(off.off?.reason).toBe('gone');
  });

  it('is nobody else’s to see, to change or to have told', async () => {
    const { webhook } = await create();
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const { messageId } = await delivery(webhook.id, ({ status }) => status === 'delivered');
    const params = { webhookId: webhook.id };
    expect((await call('listWebhooks', {}, other)).webhooks).toEqual([]);
    const attempts = [
      () => call('updateWebhook', { params, body: { description: 'Mine' } }, other),
      () => call('deleteWebhook', { params }, other),
      () => call('rotateWebhookSecret', { params }, other),
      () => call('testWebhook', { params }, other),
      () => call('listDeliveries', { params }, other),
      () => call('redeliver', { params: { ...params, messageId } }, other),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ problem: { code: 'not_found' } });
    const key = await call('createApiKey', { body: { name: 'Theirs', kind: 'secret' } }, other);
    await call('testWebhook', { params });
    await arrived(2);
    expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['webhook.test', 'webhook.test']);
    await call('revokeApiKey', { params: { keyId: key.apiKey.id } }, other);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'url'],
    ['https://10.0.0.1/', 'url'],
    ['https://user:secret@example.com/', 'url'],
    ['ftp://example.com/', 'url'],
    ['nonsense', 'url'],
  ])('cannot be at %s', async (url, field) => {
    const refused = call('createWebhook', { body: { url, events: ['model.promoted'] } });
    await expect(refused).rejects.toMatchObject({ problem: { code: 'invalid_request', errors: [{ field }] } });
    expect((await call('listWebhooks')).webhooks).toEqual([]);
  });

  it('whose name leads into the network is not connected to', async () => {
    const { webhook } = await create(['member.removed'], 'https://stage.internal.example/');
    // As a name that is changed after the check would.
    await setRow(webhook.id, '#url = :value', { '#url': 'url' }, 'https://169.254.169.254/latest/meta-data/');
    await call('testWebhook', { params: { webhookId: webhook.id } });
    const waiting = await delivery(webhook.id, ({ attempts }) => attempts.length === 1);
    expect(waiting.attempts[0]).toMatchObject({ status: null, answer: 'The URL must lead to a public address.' });
  });

  it('is one of as many as the tier allows', async () => {
    const { allowed } = await call('listWebhooks');
    for (let made = 0; made < allowed; made += 1) await create();
    await expect(create()).rejects.toMatchObject({ problem: { code: 'limit_reached' } });
  });

  it('that is not there cannot be asked for', async () => {
    const params = { webhookId: newId('webhook') };
    await expect(call('listDeliveries', { params })).rejects.toMatchObject({ problem: { code: 'not_found' } });
  });
});

describe('the audit log', () => {
  it('is found by actor, action and time, and sealed within seconds', async () => {
    const key = await makeKey();
    await revoke(key.id);
    const newest = await until('the seal', async () => {
      const { entries } = await call('listAudit', { query: { limit: '2' } });
      return entries.every(({ sealed }) => sealed !== null) ? entries : undefined;
    });
    expect(newest.map(({ action }) => action)).toEqual(['apiKey.revoked', 'apiKey.created']);
    expect((newest[0]?.sealed ?? 0) - (newest[1]?.sealed ?? 0)).toBe(1);
    const [{ actor = '', at = '' } = {}] = newest;
    const created = await call('listAudit', {
      query: { action: 'apiKey.created', actor, from: at.slice(0, 10).concat('T00:00:00.000Z') },
    });
    expect(created.entries.some(({ details }) => details.keyId === key.id)).toBe(true);
    expect(created.entries.every((entry) => entry.action === 'apiKey.created' && entry.actor === actor)).toBe(true);
    expect(
      (await call('listAudit', { query: { action: 'apiKey.created', to: '2026-01-01T00:00:00.000Z' } })).entries,
    ).toEqual([]);
    await expect(
      call('listAudit', { query: { from: '2026-01-02T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' } }),
    ).rejects.toMatchObject({ problem: { code: 'invalid_request' } });
  });

  it('shows a change that was made behind its back', async () => {
    expect(await call('verifyAudit')).toMatchObject({ broken: null, cursor: null });
    const { entries } = await call('listAudit', { query: { limit: '100' } });
    const victim = entries.find(({ sealed }) => sealed === 2);
    const Key = { pk: `TENANT#${shop.tenantId}`, sk: victim?.id };
    const put = (actor: string) =>
      rootClient(test.cloud).send(
        new UpdateCommand({
          TableName: tableName(test.cloud, 'Audit'),
          Key,
          UpdateExpression: 'SET actor = :actor',
          ExpressionAttributeValues: { ':actor': actor },
        }),
      );
    await put('usr_somebody_else');
    expect(await call('verifyAudit')).toMatchObject({
      unbroken: { number: 1 },
      broken: { number: 2, entryId: victim?.id, reason: 'changed' },
    });
    await put(victim?.actor ?? '');
    expect(await call('verifyAudit')).toMatchObject({ broken: null });
  });
});

/** Whether a mail with such a subject is in the inbox of an address, and how often. */
async function mailTo(address: string, subject: string): Promise<string | undefined> {
  const response = await fetch(`${test.instance.inboxUrl}/api/messages?to=${encodeURIComponent(address)}`);
  const mails = JSON.stringify(await response.json());
  return mails.includes(subject) ? mails : undefined;
}
