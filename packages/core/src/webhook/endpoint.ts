import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor, MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { AnswerItem } from '../idempotency/answers.ts';
import { newId, type TenantId } from '../ids/id.ts';
import type { TierName } from '../tier/catalogue.ts';
import { assertBelowLimit } from '../tier/entitlements.ts';
import { webhookEventTypes } from './events.ts';
import { newSigningSecret, type SecretBox } from './secret.ts';
import { type OffReason, offReasons } from './states.ts';

/** A secret that was replaced is valid for as long, so that a receiver can change over without losing anything. */
const PREVIOUS_VALID_MS = 24 * 3_600_000;

const webhookRowSchema = z.object({
  webhookId: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.enum(webhookEventTypes)),
  enabled: z.boolean(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Sealed. */
  secret: z.string(),
  /** The one before, and until when it is valid. */
  previous: z.object({ secret: z.string(), until: z.string() }).optional(),
  /** Since when nothing has been taken. */
  failingSince: z.string().optional(),
  off: z.object({ reason: z.enum(offReasons), at: z.string() }).optional(),
  /** Set until the company was told that it is off. */
  mailDue: z.boolean().optional(),
});
export type Webhook = z.infer<typeof webhookRowSchema>;

export interface WebhookTables {
  readonly control: Table;
  readonly auditTable: string;
}

/** What a company chooses of an endpoint. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string;
  readonly events: Webhook['events'];
  readonly enabled: boolean;
}

/** What the API shows of an endpoint: everything but its secrets. */
export const webhookView = (webhook: Webhook, at: Date) => ({
  id: webhook.webhookId,
  url: webhook.url,
  description: webhook.description,
  events: webhook.events,
  enabled: webhook.enabled,
  createdAt: webhook.createdAt,
  createdBy: webhook.createdBy,
  previousSecretUntil: validPrevious(webhook, at)?.until ?? null,
  failingSince: webhook.failingSince ?? null,
  off: webhook.off ?? null,
});

const validPrevious = ({ previous }: Webhook, at: Date): Webhook['previous'] =>
  previous && Date.parse(previous.until) > at.getTime() ? previous : undefined;

/** The secrets that sign at a moment, the newest first. */
export const signingSecrets = (box: SecretBox, tenantId: TenantId, webhook: Webhook, at: Date): readonly string[] =>
  [webhook.secret, validPrevious(webhook, at)?.secret]
    .filter((sealed) => sealed !== undefined)
    .map((sealed) => box.open({ tenantId, webhookId: webhook.webhookId }, sealed));

/** Oldest first. A company has few, by its tier's limit. */
export async function listWebhooks(control: Table, tenantId: TenantId): Promise<readonly Webhook[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': controlKeys.webhook(tenantId, '').pk },
      ConsistentRead: true,
    }),
  );
  return z.array(webhookRowSchema).parse(Items);
}

export async function findWebhook(control: Table, tenantId: TenantId, webhookId: string): Promise<Webhook | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.webhook(tenantId, webhookId), ConsistentRead: true }),
  );
  return Item && webhookRowSchema.parse(Item);
}

const missing = () => new DomainError('not_found', 'There is no such webhook.');

/** @throws {DomainError} `not_found` */
export async function loadWebhook(control: Table, tenantId: TenantId, webhookId: string): Promise<Webhook> {
  const found = await findWebhook(control, tenantId, webhookId);
  if (!found) throw missing();
  return found;
}

interface Context {
  readonly actor: MemberActor;
  readonly at: Date;
}

/** An endpoint, and its secret, which is shown this once. */
export interface MadeWebhook {
  readonly webhook: Webhook;
  readonly secret: string;
}

interface MakingContext extends Context {
  /** Keeps what was made where whoever asks again finds it. */
  readonly remember?: (made: MadeWebhook) => readonly AnswerItem[];
}

/** @throws {DomainError} `limit_reached` */
export async function createWebhook(
  tables: WebhookTables,
  box: SecretBox,
  request: WebhookSettings & { readonly tier: TierName },
  { actor, at, remember }: MakingContext,
): Promise<MadeWebhook> {
  const { tier, ...settings } = request;
  const { tenantId } = actor;
  assertBelowLimit(tier, 'webhooks', (await listWebhooks(tables.control, tenantId)).length);
  const webhookId = newId('webhook', at.getTime());
  const secret = newSigningSecret();
  const webhook: Webhook = {
    webhookId,
    ...settings,
    createdAt: at.toISOString(),
    createdBy: actor.userId,
    secret: box.seal({ tenantId, webhookId }, secret),
  };
  await tables.control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: tables.control.name,
            Item: { ...controlKeys.webhook(tenantId, webhookId), ...webhook },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        auditOf(tables, tenantId, webhook, { actor, at, action: 'webhook.created' }),
        ...(remember?.({ webhook, secret }) ?? []),
      ],
    }),
  );
  return { webhook, secret };
}

/** The entry of the log about an endpoint. Of its address it has the host alone: a path may hold what is as good as a password. */
const auditOf = (
  { auditTable }: WebhookTables,
  tenantId: TenantId,
  { webhookId, url }: Webhook,
  entry: { readonly actor: Actor; readonly at: Date; readonly action: string; readonly reason?: string },
) => {
  const { actor, at, action, reason } = entry;
  const details = { webhookId, host: new URL(url).host, ...(reason ? { reason } : {}) };
  return auditItem(auditTable, { tenantId, actor, action, details, at });
};

interface Changes {
  readonly set?: Readonly<Partial<Webhook>>;
  readonly remove?: readonly (keyof Webhook)[];
}

/** Writes fields of an endpoint that is there, with an entry of the log. */
const changeItems = (
  tables: WebhookTables,
  tenantId: TenantId,
  webhook: Webhook,
  { set = {}, remove = [] }: Changes,
) => {
  const fields = Object.entries(set).filter(([, value]) => value !== undefined);
  const names = [...fields.map(([name]) => name), ...remove, 'secret'];
  return {
    Update: {
      TableName: tables.control.name,
      Key: controlKeys.webhook(tenantId, webhook.webhookId),
      UpdateExpression: [
        ...(fields.length > 0 ? [`SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`] : []),
        ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
      ].join(' '),
      // Two rotations at once would leave the secret of one of them unknown to everybody.
      ConditionExpression: '#secret = :presentSecret',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ':presentSecret': webhook.secret,
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
};

async function change(
  tables: WebhookTables,
  webhook: Webhook,
  changes: Changes,
  action: string,
  context: Context,
  more: readonly AnswerItem[] = [],
): Promise<void> {
  const { tenantId } = context.actor;
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          changeItems(tables, tenantId, webhook, changes),
          auditOf(tables, tenantId, webhook, { ...context, action }),
          ...more,
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    if (!(await findWebhook(tables.control, tenantId, webhook.webhookId))) throw missing();
    throw new DomainError('conflict', 'Somebody else changed the webhook at the same time.', { cause: error });
  }
}

/** Changes what is given. Switching one on forgets that it failed. @throws {DomainError} `not_found`, `conflict` */
export async function updateWebhook(
  tables: WebhookTables,
  webhookId: string,
  settings: { readonly [F in keyof WebhookSettings]?: WebhookSettings[F] | undefined },
  context: Context,
): Promise<Webhook> {
  const webhook = await loadWebhook(tables.control, context.actor.tenantId, webhookId);
  const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const remove = settings.enabled ? (['failingSince', 'off', 'mailDue'] as const) : [];
  if (Object.keys(set).length === 0) return webhook;
  await change(tables, webhook, { set, remove }, 'webhook.changed', context);
  const { failingSince, off, mailDue, ...kept } = webhook;
  return { ...(settings.enabled ? kept : webhook), ...set };
}

/** Gives a new secret; the old one signs beside it for a day. @throws {DomainError} `not_found`, `conflict` */
export async function rotateSecret(
  tables: WebhookTables,
  box: SecretBox,
  webhookId: string,
  context: MakingContext,
): Promise<MadeWebhook> {
  const { tenantId } = context.actor;
  const webhook = await loadWebhook(tables.control, tenantId, webhookId);
  const secret = newSigningSecret();
  const set = {
    secret: box.seal({ tenantId, webhookId }, secret),
    previous: {
      secret: webhook.secret,
      until: new Date(context.at.getTime() + PREVIOUS_VALID_MS).toISOString(),
    },
  };
  const made = { webhook: { ...webhook, ...set }, secret };
  await change(tables, webhook, { set }, 'webhook.secretRotated', context, context.remember?.(made));
  return made;
}

/** What waits for it is not sent any more. @throws {DomainError} `not_found` */
export async function deleteWebhook(tables: WebhookTables, webhookId: string, context: Context): Promise<void> {
  const { tenantId } = context.actor;
  const webhook = await loadWebhook(tables.control, tenantId, webhookId);
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Delete: {
              TableName: tables.control.name,
              Key: controlKeys.webhook(tenantId, webhookId),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
          auditOf(tables, tenantId, webhook, { ...context, action: 'webhook.deleted' }),
        ],
      }),
    );
  } catch (error) {
    throw cancellationCodes(error) ? missing() : error;
  }
}

/** Switches off an endpoint that takes nothing; its company is to be mailed. Does nothing when it was changed since. */
export async function switchOff(
  tables: WebhookTables,
  tenantId: TenantId,
  webhook: Webhook,
  reason: OffReason,
  at: Date,
): Promise<void> {
  const off = { reason, at: at.toISOString() };
  const { Update } = changeItems(tables, tenantId, webhook, { set: { enabled: false, off, mailDue: true } });
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              ...Update,
              ConditionExpression: `${Update.ConditionExpression} AND #enabled = :present`,
              ExpressionAttributeValues: { ...Update.ExpressionAttributeValues, ':present': true },
            },
          },
          auditOf(tables, tenantId, webhook, {
            actor: { kind: 'system', name: 'webhooks' },
            at,
            action: 'webhook.switchedOff',
            reason,
          }),
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
  }
}
