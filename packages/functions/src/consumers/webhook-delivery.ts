import type { Table } from '@tenantry/core/control/table';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { administrators, readRecipients } from '@tenantry/core/mail/recipients';
import { webhookOffMail } from '@tenantry/core/mail/webhook-off-mail';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { deliver } from '@tenantry/core/webhook/deliver';
import { deliveryMessageSchema } from '@tenantry/core/webhook/delivery';
import type { Webhook } from '@tenantry/core/webhook/endpoint';
import { createSecretBox } from '@tenantry/core/webhook/secret';
import { targetRulesOf } from '@tenantry/core/webhook/target';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant } from '../logging.ts';
import { ownMailSender } from '../mail.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { webhookQueue } from '../webhook-queue.ts';
import { eachMessage } from './each-message.ts';

const { STAGE, WEBHOOK_SECRET_KEY, SITE_URL } = readEnvironment({
  STAGE: required,
  WEBHOOK_SECRET_KEY: required,
  SITE_URL: required,
});
/** What people want of mails; everything else is reached with the company's credentials. */
const { Control: people } = ownTables('consumers/webhook-delivery');
const scopeOf = createScope('consumers/webhook-delivery');
const box = createSecretBox(WEBHOOK_SECRET_KEY);
const rules = targetRulesOf(STAGE);
const enqueue = webhookQueue();
const send = ownMailSender();

const mailer =
  (control: Table, tenantId: TenantId) =>
  async (webhook: Webhook): Promise<void> => {
    const [{ language = 'en' }, recipients] = await Promise.all([
      loadTenant(control, tenantId),
      readRecipients({ registry: control, people }, tenantId, administrators),
    ]);
    const link = `${SITE_URL}/settings/webhooks`;
    for (const { email, preferences } of recipients) {
      await send({ to: [email], ...webhookOffMail(preferences.language ?? language, webhook, link) });
    }
  };

async function process(record: SQSRecord): Promise<void> {
  const message = deliveryMessageSchema.parse(JSON.parse(record.body));
  const { tenantId, webhookId, messageId } = message;
  if (!isTenantId(tenantId)) throw new Error('A message of the queue belongs to no tenant.');
  logTenant(tenantId);
  const requestId = record.messageId;
  const { Control, Audit } = scopeOf({ tenantId, requestId })['tenant-webhook-delivery'];
  const again = await deliver(
    {
      tables: { control: Control, auditTable: Audit.name },
      box,
      rules,
      now: () => new Date(),
      random: Math.random,
      mail: mailer(Control, tenantId),
    },
    { tenantId, webhookId, messageId },
    requestId,
  );
  if (again) await enqueue(message, again);
  log.info('webhook', { webhookId, messageId, again: again?.toISOString() ?? null });
}

/** Sends what is due. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> => eachMessage(event, 'webhook failed', process);
