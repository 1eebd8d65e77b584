import type { TenantId } from '../ids/id.ts';
import { claimDelivery, type Delivery, findDelivery, giveUpDelivery, isTaken, recordAttempt } from './delivery.ts';
import { findWebhook, signingSecrets, switchOff, type Webhook, type WebhookTables } from './endpoint.ts';
import { isDead, noteHealth, noteMailed } from './health.ts';
import type { SecretBox } from './secret.ts';
import { type Outcome, send } from './send.ts';
import { signatureHeader, webhookHeaders } from './signature.ts';
import type { TargetRules } from './target.ts';

/** Asks that nothing be sent to this address any more. */
const GONE = 410;

export interface Delivering {
  readonly tables: WebhookTables;
  readonly box: SecretBox;
  readonly rules: TargetRules;
  readonly now: () => Date;
  readonly random: () => number;
  /** Tells the company that an endpoint is off; may be called again when it fails. */
  readonly mail: (webhook: Webhook) => Promise<void>;
}

/** When to look at a delivery again; undefined once there is nothing left to do. */
export type Again = Date | undefined;

function post(
  { box, rules }: Delivering,
  tenantId: TenantId,
  webhook: Webhook,
  { messageId, payload }: Delivery,
  at: Date,
): Promise<Outcome> {
  const timestamp = Math.floor(at.getTime() / 1000);
  const signed = { id: messageId, timestamp, body: payload };
  const headers = {
    [webhookHeaders.id]: messageId,
    [webhookHeaders.timestamp]: String(timestamp),
    [webhookHeaders.signature]: signatureHeader(signingSecrets(box, tenantId, webhook, at), signed),
  };
  return send(webhook.url, { headers, body: payload }, { rules });
}

async function tellOff({ tables: { control }, mail }: Delivering, tenantId: TenantId, webhook: Webhook) {
  if (!webhook.mailDue) return;
  await mail(webhook);
  await noteMailed(control, tenantId, webhook.webhookId);
}

/**
 * Makes the attempt that is due of a delivery. One message of the queue stands for a delivery until nothing is left to do for it; whatever dies on the way, the message comes
 * again and finds in the row how far it was. So an event is sent at least once, with the same id each time.
 */
export async function deliver(
  context: Delivering,
  { tenantId, webhookId, messageId }: { tenantId: TenantId; webhookId: string; messageId: string },
  requestId: string,
): Promise<Again> {
  const { control } = context.tables;
  const delivery = await findDelivery(control, tenantId, webhookId, messageId);
  const webhook = await findWebhook(control, tenantId, webhookId);
  if (!delivery || !webhook) return undefined;
  if (!webhook.enabled) {
    if (delivery.status === 'pending') await giveUpDelivery(control, tenantId, delivery);
    await tellOff(context, tenantId, webhook);
    return undefined;
  }
  if (delivery.status !== 'pending') return undefined;
  const at = context.now();
  if (Date.parse(delivery.dueAt) > at.getTime()) return new Date(delivery.dueAt);
  const claimed = await claimDelivery(control, tenantId, delivery, at);
  // Whoever was faster has a message of its own.
  if (!claimed) return undefined;
  const outcome = await post(context, tenantId, webhook, claimed, at);
  const recorded = await recordAttempt(control, tenantId, claimed, { requestId, at, outcome }, context.random);
  const taken = isTaken(outcome);
  await noteHealth(control, tenantId, webhook, taken, at);
  const gone = 'status' in outcome && outcome.status === GONE;
  if (!taken && (gone || isDead(webhook, at))) {
    await switchOff(context.tables, tenantId, webhook, gone ? 'gone' : 'failing', at);
    // Once more, to end what waits and to tell the company.
    return at;
  }
  return recorded?.status === 'pending' ? new Date(recorded.dueAt) : undefined;
}
