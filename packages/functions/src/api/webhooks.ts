import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { idPattern } from '@tenantry/core/ids/id';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { deliveryView, listDeliveries, redeliver } from '@tenantry/core/webhook/delivery';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  loadWebhook,
  type MadeWebhook,
  rotateSecret,
  updateWebhook,
  type Webhook,
  webhookView,
} from '@tenantry/core/webhook/endpoint';
import { publishTest } from '@tenantry/core/webhook/publish';
import { createSecretBox } from '@tenantry/core/webhook/secret';
import { parseTarget, targetRulesOf } from '@tenantry/core/webhook/target';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { webhookQueue } from '../webhook-queue.ts';

const { STAGE, WEBHOOK_SECRET_KEY } = readEnvironment({ STAGE: required, WEBHOOK_SECRET_KEY: required });
const box = createSecretBox(WEBHOOK_SECRET_KEY);
const rules = targetRulesOf(STAGE);
const enqueue = webhookQueue();

const placeSchema = z.strictObject({ after: z.string().regex(idPattern('message')) });

const tablesOf = ({ 'tenant-webhooks': { Control, Audit } }: Scoped<'api/webhooks'>) => ({
  control: Control,
  auditTable: Audit.name,
});

/** @throws {DomainError} `conflict` */
function assertOn({ enabled }: Webhook): void {
  if (!enabled) throw new DomainError('conflict', 'The webhook is off; switch it on first.');
}

const madeView = ({ webhook, secret }: MadeWebhook, now: Date) => ({ webhook: webhookView(webhook, now), secret });

export const handler = createApi('webhooks', createScope('api/webhooks'), {
  listWebhooks: async ({ tenant: { tenantId, tier }, scoped, now }) => ({
    webhooks: (await listWebhooks(scoped['tenant-webhooks'].Control, tenantId)).map((one) => webhookView(one, now)),
    allowed: tierCatalogue[tier].limits.webhooks,
  }),
  createWebhook: async ({ tenant: { tier }, actor, scoped, body, now, remember }) => {
    const settings = { ...body, url: parseTarget(body.url, rules), enabled: true, tier };
    const context = { actor, at: now, remember: (made: MadeWebhook) => remember(madeView(made, now)) };
    return madeView(await createWebhook(tablesOf(scoped), box, settings, context), now);
  },
  updateWebhook: async ({ params, actor, scoped, body, now }) => {
    const url = body.url === undefined ? undefined : parseTarget(body.url, rules);
    const changed = await updateWebhook(tablesOf(scoped), params.webhookId, { ...body, url }, { actor, at: now });
    return webhookView(changed, now);
  },
  deleteWebhook: async ({ params, actor, scoped, now }) => {
    await deleteWebhook(tablesOf(scoped), params.webhookId, { actor, at: now });
    return undefined;
  },
  rotateWebhookSecret: async ({ params, actor, scoped, now, remember }) => {
    const context = { actor, at: now, remember: (made: MadeWebhook) => remember(madeView(made, now)) };
    return madeView(await rotateSecret(tablesOf(scoped), box, params.webhookId, context), now);
  },
  testWebhook: async ({ params: { webhookId }, tenant: { tenantId }, scoped, now }) => {
    const { Control } = scoped['tenant-webhooks'];
    assertOn(await loadWebhook(Control, tenantId, webhookId));
    const message = await publishTest(Control, tenantId, webhookId, now);
    if (!message) throw new DomainError('not_found', 'There is no such webhook.');
    await enqueue(message);
    return { messageId: message.messageId };
  },
  listDeliveries: async ({ params: { webhookId }, query: { limit, cursor }, tenant: { tenantId }, scoped }) => {
    const { Control } = scoped['tenant-webhooks'];
    await loadWebhook(Control, tenantId, webhookId);
    const after = cursor ? decodeCursor(cursor, placeSchema).after : undefined;
    const { deliveries, next } = await listDeliveries(Control, tenantId, webhookId, { limit, after });
    return { deliveries: deliveries.map(deliveryView), cursor: next ? encodeCursor({ after: next }) : null };
  },
  redeliver: async ({ params: { webhookId, messageId }, tenant: { tenantId }, scoped, now }) => {
    const { Control } = scoped['tenant-webhooks'];
    assertOn(await loadWebhook(Control, tenantId, webhookId));
    const delivery = await redeliver(Control, tenantId, webhookId, messageId, now);
    await enqueue({ tenantId, webhookId, messageId });
    return deliveryView(delivery);
  },
});
