import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys, dueIndex } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import type { TenantId } from '../ids/id.ts';
import { companyMailKinds, isCircular, mailFactsSchema } from './kinds.ts';
import type { Recipient } from './recipients.ts';

const mailSchema = z.object({
  /** Names the occasion: there is one mail for each. */
  key: z.string(),
  kind: z.enum(companyMailKinds),
  facts: mailFactsSchema,
  state: z.enum(['waiting', 'sent']),
  createdAt: z.string(),
});
export type OutgoingMail = z.infer<typeof mailSchema>;
export type NewMail = Omit<OutgoingMail, 'state'>;

/** Circulars go out by themselves, so that however many of them keep no notice waiting. */
const dueKey = (tenantId: TenantId, { kind, createdAt }: Pick<NewMail, 'kind' | 'createdAt'>) =>
  dueIndex.key(isCircular(kind) ? 'circular' : 'mail', tenantId, createdAt);

/** A circular is sent long before; its row is kept that it is not sent again. */
const CIRCULAR_KEPT_SECONDS = 90 * 86_400;

/** The row of a mail that is to be sent, for the transaction that decides that it is. */
export const mailItem = (tenantId: TenantId, mail: NewMail) => ({
  ...controlKeys.mail(tenantId, mail.key),
  ...dueKey(tenantId, mail),
  ...mail,
  state: 'waiting' as const,
  ...(isCircular(mail.kind)
    ? { expiresAt: Math.floor(Date.parse(mail.createdAt) / 1000) + CIRCULAR_KEPT_SECONDS }
    : {}),
});

/** Puts a mail into the outbox, once for its occasion. @returns false when it is there already */
export const announce = (control: Table, tenantId: TenantId, mail: NewMail): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new PutCommand({
        TableName: control.name,
        Item: mailItem(tenantId, mail),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );

/** Mails of a company of one sort that somebody has still to get. */
export async function waitingMails(
  control: Table,
  tenantId: TenantId,
  sort: Mailer['sort'],
): Promise<readonly OutgoingMail[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :mail)',
      FilterExpression: '#state = :waiting',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':pk': controlKeys.mail(tenantId, '').pk, ':mail': 'MAIL#', ':waiting': 'waiting' },
      ConsistentRead: true,
    }),
  );
  return z
    .array(mailSchema)
    .parse(Items)
    .filter(({ kind }) => isCircular(kind) === (sort === 'circulars'));
}

/** Whether a company has a mail for an occasion already. */
export async function hasMail(control: Table, tenantId: TenantId, key: string): Promise<boolean> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.mail(tenantId, key), ConsistentRead: true }),
  );
  return Item !== undefined;
}

/** The newest notice that the owners of a company were sent; undefined when there was none. */
export async function newestMail(control: Table, tenantId: TenantId): Promise<OutgoingMail | undefined> {
  const { pk, sk } = controlKeys.mail(tenantId, '');
  const mails = z.array(mailSchema).parse(await queryAll(control, pk, sk));
  return mails
    .filter(({ kind, state }) => state !== 'waiting' && !isCircular(kind))
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
}

/** Thrown by a mailer when the mail was certainly not taken, so that it may be sent again. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Who gets a mail, and how it is sent to one of them. */
export interface Mailer {
  readonly sort: 'notices' | 'circulars';
  recipients(mail: OutgoingMail): Promise<readonly Recipient[]>;
  /** @throws {MailRefused} when the mail was not taken */
  send(mail: OutgoingMail, to: Recipient): Promise<void>;
  /** Called once everybody has it, before that is noted, so that it may be called again. */
  sent?(mail: OutgoingMail): Promise<void>;
}

/**
 * Sends what waits, to each recipient once: whoever notes the recipient first sends it. A mail whose sending broke off half-way may have left,
 * since the mail service knows no idempotency; it is not sent again. One mail too few is better than a reminder twice.
 * @throws the first failure, once all that could be sent was
 */
export async function sendMails(control: Table, tenantId: TenantId, mailer: Mailer): Promise<number> {
  const sending: Sending = { control, tenantId, mailer, failures: [] };
  let sent = 0;
  for (const mail of await waitingMails(control, tenantId, mailer.sort)) {
    if (await sendToAll(sending, mail)) sent += 1;
  }
  if (sending.failures.length > 0) throw sending.failures[0];
  return sent;
}

interface Sending {
  readonly control: Table;
  readonly tenantId: TenantId;
  readonly mailer: Mailer;
  readonly failures: unknown[];
}

/** @returns whether nobody is left to whom the mail may still be sent */
async function sendToAll(sending: Sending, mail: OutgoingMail): Promise<boolean> {
  const { control, tenantId, mailer, failures } = sending;
  let refused = false;
  const recipients = await mailer.recipients(mail);
  for (const recipient of recipients) {
    if (!(await noteRecipient(control, tenantId, mail, recipient))) continue;
    try {
      await mailer.send(mail, recipient);
    } catch (error) {
      failures.push(error);
      if (!(error instanceof MailRefused)) continue;
      refused = true;
      await forgetRecipient(control, tenantId, mail, recipient);
    }
  }
  if (refused) return false;
  await mailer.sent?.(mail);
  return markSent(control, tenantId, mail, recipients);
}

/** @returns false when somebody has sent it to them, or does so now */
const noteRecipient = (control: Table, tenantId: TenantId, { key }: OutgoingMail, { sub }: Recipient) =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.mail(tenantId, key),
        UpdateExpression: 'ADD told :subs',
        ConditionExpression: '#state = :waiting AND NOT contains(told, :sub)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':subs': new Set([sub]), ':sub': sub, ':waiting': 'waiting' },
      }),
    ),
  );

/** The mail waits again, also when another run has taken it for sent meanwhile. */
async function forgetRecipient(
  control: Table,
  tenantId: TenantId,
  { key, kind, createdAt }: OutgoingMail,
  { sub }: Recipient,
): Promise<void> {
  const { gsi1pk, gsi1sk } = dueKey(tenantId, { kind, createdAt });
  await control.client.send(
    new UpdateCommand({
      TableName: control.name,
      Key: controlKeys.mail(tenantId, key),
      UpdateExpression: 'DELETE told :subs SET #state = :waiting, gsi1pk = :pk, gsi1sk = :sk',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':subs': new Set([sub]), ':waiting': 'waiting', ':pk': gsi1pk, ':sk': gsi1sk },
    }),
  );
}

/** @returns false when another run let go of one of the recipients, who is still to get the mail */
const markSent = (
  control: Table,
  tenantId: TenantId,
  { key }: OutgoingMail,
  recipients: readonly Recipient[],
): Promise<boolean> =>
  wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.mail(tenantId, key),
        UpdateExpression: 'SET #state = :sent REMOVE gsi1pk, gsi1sk',
        ConditionExpression: ['#state = :waiting', ...recipients.map((_, index) => `contains(told, :to${index})`)].join(
          ' AND ',
        ),
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':waiting': 'waiting',
          ':sent': 'sent',
          ...Object.fromEntries(recipients.map(({ sub }, index) => [`:to${index}`, sub])),
        },
      }),
    ),
  );
