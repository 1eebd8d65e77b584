import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys, dueIndex } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import type { TenantId } from '../ids/id.ts';
import { companyMailKinds, mailFactsSchema } from './kinds.ts';

const mailSchema = z.object({
  /** Names the occasion: there is one mail for each. */
  key: z.string(),
  kind: z.enum(companyMailKinds),
  facts: mailFactsSchema,
  state: z.enum(['waiting', 'sending', 'sent']),
  createdAt: z.string(),
});
export type OutgoingMail = z.infer<typeof mailSchema>;
export type NewMail = Omit<OutgoingMail, 'state'>;

/** The row of a mail that is to be sent, for the transaction that decides that it is. */
export const mailItem = (tenantId: TenantId, mail: NewMail) => ({
  ...controlKeys.mail(tenantId, mail.key),
  ...dueIndex.key('mail', tenantId, mail.createdAt),
  ...mail,
  state: 'waiting' as const,
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

/** Mails of a company that nobody has tried to send. */
export async function waitingMails(control: Table, tenantId: TenantId): Promise<readonly OutgoingMail[]> {
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
  return z.array(mailSchema).parse(Items);
}

/** The newest mail that the owners of a company were sent; undefined when there was none. */
export async function newestMail(control: Table, tenantId: TenantId): Promise<OutgoingMail | undefined> {
  const { pk, sk } = controlKeys.mail(tenantId, '');
  const mails = z.array(mailSchema).parse(await queryAll(control, pk, sk));
  return mails.filter(({ state }) => state !== 'waiting').toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
}

async function moveMail(
  control: Table,
  tenantId: TenantId,
  { key, createdAt }: OutgoingMail,
  from: OutgoingMail['state'],
  to: OutgoingMail['state'],
): Promise<boolean> {
  const { gsi1pk, gsi1sk } = dueIndex.key('mail', tenantId, createdAt);
  const due = to === 'waiting';
  return wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.mail(tenantId, key),
        UpdateExpression: `SET #state = :to${due ? ', gsi1pk = :pk, gsi1sk = :sk' : ' REMOVE gsi1pk, gsi1sk'}`,
        ConditionExpression: '#state = :from',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':from': from, ':to': to, ...(due ? { ':pk': gsi1pk, ':sk': gsi1sk } : {}) },
      }),
    ),
  );
}

/** Thrown by a mailer when the mail was certainly not taken, so that it may be sent again. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/**
 * Sends what waits, each mail once: whoever marks it first sends it. A mail whose sending broke off half-way may have left, since the mail
 * service knows no idempotency; it stays `sending` and is not sent again. One mail too few is better than a reminder twice.
 * @param send throws `MailRefused` when the mail was not taken
 */
export async function sendMails(
  control: Table,
  tenantId: TenantId,
  send: (mail: OutgoingMail) => Promise<void>,
): Promise<number> {
  let sent = 0;
  for (const mail of await waitingMails(control, tenantId)) {
    if (!(await moveMail(control, tenantId, mail, 'waiting', 'sending'))) continue;
    try {
      await send(mail);
    } catch (error) {
      if (error instanceof MailRefused) await moveMail(control, tenantId, mail, 'sending', 'waiting');
      throw error;
    }
    await moveMail(control, tenantId, mail, 'sending', 'sent');
    sent += 1;
  }
  return sent;
}
