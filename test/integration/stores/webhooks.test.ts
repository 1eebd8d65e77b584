import { randomBytes } from 'node:crypto';
import type { MemberActor } from '@tenantry/core/actor/actor';
import type { AuditRecord } from '@tenantry/core/audit/audit';
import { newId } from '@tenantry/core/ids/id';
import { type Delivering, deliver } from '@tenantry/core/webhook/deliver';
import { claimDelivery, findDelivery, redeliver } from '@tenantry/core/webhook/delivery';
import { createWebhook, deleteWebhook, rotateSecret, updateWebhook } from '@tenantry/core/webhook/endpoint';
import { messageIdOf, publishEntry } from '@tenantry/core/webhook/publish';
import { attemptsMax } from '@tenantry/core/webhook/schedule';
import { createSecretBox } from '@tenantry/core/webhook/secret';
import { targetRulesOf } from '@tenantry/core/webhook/target';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '../../support/receiver.ts';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  stores = await startStores();
  receiver = await startReceiver();
});

afterAll(async () => {
  await receiver?.close();
  await stores?.close();
});

const begin = Date.parse('2026-11-30T12:00:00.000Z');
const box = createSecretBox(randomBytes(32).toString('base64'));
const control = () => stores.table('Control');

/** A company with an endpoint, and an event that it is to be told. */
async function toldCompany() {
  const tenantId = newId('tenant');
  const actor: MemberActor = {
    kind: 'member',
    sub: 'sub',
    userId: newId('user'),
    tenantId,
    role: 'owner',
    impersonating: false,
  };
  const settings = { url: receiver.url, description: '', events: ['api-key.created' as const], enabled: true };
  const context = { actor, at: new Date(begin) };
  const { webhook } = await createWebhook(stores.tenants, box, { ...settings, tier: 'standard' }, context);
  const entry: AuditRecord = {
    id: newId('audit', begin),
    at: new Date(begin).toISOString(),
    actor: actor.userId,
    action: 'apiKey.created',
    details: { keyId: newId('apiKey') },
  };
  return { tenantId, context, webhookId: webhook.webhookId, entry, messageId: messageIdOf(entry.id) };
}

/** The company's own clock, and everything that delivering needs. */
function courier() {
  const mailed: string[] = [];
  const clock = { now: begin };
  const context: Delivering = {
    tables: stores.tenants,
    box,
    rules: targetRulesOf('local'),
    now: () => new Date(clock.now),
    random: () => 0.5,
    mail: async ({ webhookId }) => {
      mailed.push(webhookId);
    },
  };
  return { clock, mailed, context };
}

describe('an event', () => {
  it('is laid down once for an endpoint, however often its entry is looked at', async () => {
    const { tenantId, webhookId, entry, messageId } = await toldCompany();
    const at = new Date(begin);
    const due = await Promise.all([1, 2, 3].map(() => publishEntry(control(), tenantId, entry, at)));
    expect(due.flat()).toEqual(Array(3).fill({ tenantId, webhookId, messageId }));
    const rows = (await stores.rows('Control')).filter(({ pk }) => pk === `TENANT#${tenantId}#DELIVERIES`);
    expect(rows).toHaveLength(1);
  });

  it('is not laid down for an endpoint that is off, gone, or asked for others', async () => {
    const { tenantId, webhookId, entry, context } = await toldCompany();
    await updateWebhook(stores.tenants, webhookId, { events: ['member.added'] }, context);
    expect(await publishEntry(control(), tenantId, entry, context.at)).toEqual([]);
    await updateWebhook(stores.tenants, webhookId, { events: ['api-key.created'], enabled: false }, context);
    expect(await publishEntry(control(), tenantId, entry, context.at)).toEqual([]);
    await deleteWebhook(stores.tenants, webhookId, context);
    expect(await publishEntry(control(), tenantId, entry, context.at)).toEqual([]);
  });

  it('is tried until it is taken or the schedule ends, by its clock, whatever the receiver does', async () => {
    const outcomes = fc.array(fc.constantFrom(204, 500, 302, 404), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(outcomes, async (statuses) => {
        const { tenantId, webhookId, entry, messageId } = await toldCompany();
        const { clock, context } = courier();
        await publishEntry(control(), tenantId, entry, new Date(begin));
        const before = receiver.received.length;
        let sent = 0;
        receiver.answerWith((response) => response.writeHead(statuses[sent++] ?? 204).end());
        for (let again: Date | undefined = new Date(begin); again; ) {
          expect(again.getTime()).toBeGreaterThanOrEqual(clock.now);
          clock.now = again.getTime();
          again = await deliver(context, { tenantId, webhookId, messageId }, 'test');
        }
        const taken = [...statuses, 204].indexOf(204) + 1;
        const expected = Math.min(taken, attemptsMax);
        const delivery = await findDelivery(control(), tenantId, webhookId, messageId);
        expect(delivery?.attempts).toHaveLength(expected);
        expect(delivery?.status).toBe(taken <= attemptsMax ? 'delivered' : 'failed');
        const ids = receiver.received.slice(before).map(({ headers }) => headers['webhook-id']);
        expect(ids).toEqual(Array(expected).fill(messageId));
      }),
      { numRuns: 12 },
    );
    receiver.takeAll();
  }, 60_000);

  it('is sent once by many that look at it at once', async () => {
    const { tenantId, webhookId, entry, messageId } = await toldCompany();
    const { context } = courier();
    await publishEntry(control(), tenantId, entry, new Date(begin));
    const before = receiver.received.length;
    await Promise.all([1, 2, 3, 4].map(() => deliver(context, { tenantId, webhookId, messageId }, 'test')));
    expect(receiver.received.length - before).toBe(1);
  });

  it('is sent by the next one when whoever had taken it died', async () => {
    const { tenantId, webhookId, entry, messageId } = await toldCompany();
    const { clock, context } = courier();
    await publishEntry(control(), tenantId, entry, new Date(begin));
    const laid = await findDelivery(control(), tenantId, webhookId, messageId);
    if (!laid) throw new Error('no delivery');
    await claimDelivery(control(), tenantId, laid, new Date(begin));
    const before = receiver.received.length;
    const again = await deliver(context, { tenantId, webhookId, messageId }, 'test');
    expect([again?.getTime(), receiver.received.length]).toEqual([begin + 60_000, before]);
    await expect(redeliver(control(), tenantId, webhookId, messageId, new Date(begin))).rejects.toMatchObject({
      code: 'conflict',
    });
    clock.now = begin + 60_000;
    expect(await deliver(context, { tenantId, webhookId, messageId }, 'test')).toBeUndefined();
    expect(receiver.received.length).toBe(before + 1);
  });

  it('is dropped when its endpoint is gone', async () => {
    const { tenantId, webhookId, entry, messageId, context: by } = await toldCompany();
    await publishEntry(control(), tenantId, entry, new Date(begin));
    await deleteWebhook(stores.tenants, webhookId, by);
    const before = receiver.received.length;
    expect(await deliver(courier().context, { tenantId, webhookId, messageId }, 'test')).toBeUndefined();
    expect(receiver.received.length).toBe(before);
  });
});

describe('an endpoint that takes nothing', () => {
  it('is switched off after five days, told of until the mail is out, and once', async () => {
    const { tenantId, webhookId, entry, messageId } = await toldCompany();
    const { clock, mailed, context } = courier();
    const message = { tenantId, webhookId, messageId };
    receiver.answerWith((response) => response.writeHead(500).end());
    await publishEntry(control(), tenantId, entry, new Date(begin));
    for (let again: Date | undefined = new Date(begin); again; again = await deliver(context, message, 'test')) {
      clock.now = again.getTime();
    }
    clock.now = begin + 5 * 86_400_000;
    await redeliver(control(), tenantId, webhookId, messageId, new Date(clock.now));
    expect(await deliver(context, message, 'test')).toEqual(new Date(clock.now));
    const failing = { ...context, mail: () => Promise.reject(new Error('no mail')) };
    await expect(deliver(failing, message, 'test')).rejects.toThrow('no mail');
    expect(await deliver(context, message, 'test')).toBeUndefined();
    expect(await deliver(context, message, 'test')).toBeUndefined();
    expect(mailed).toEqual([webhookId]);
    receiver.takeAll();
  });
});

it('two new secrets at once are one, and nobody is left with a secret that never signs', async () => {
  const { webhookId, context } = await toldCompany();
  const rotations = await Promise.allSettled([1, 2].map(() => rotateSecret(stores.tenants, box, webhookId, context)));
  expect(rotations.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
