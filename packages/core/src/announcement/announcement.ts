import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { actorName, type OperatorActor } from '../actor/actor.ts';
import { stageAuditItem } from '../audit/stage-audit.ts';
import { type AnnouncementText, announcementTextSchema } from '../contract/announcement-text.ts';
import { type Audience, audienceSchema } from '../contract/announcements.ts';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasTransacted } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type Id, idPattern, type TenantId } from '../ids/id.ts';
import { findTenant, type Tenant } from '../tenant/tenant.ts';

export type AnnouncementId = Id<'announcement'>;
export const isAnnouncementId = (value: string): value is AnnouncementId => idPattern('announcement').test(value);

const rowSchema = z.object({
  sk: z.custom<AnnouncementId>((value) => typeof value === 'string' && isAnnouncementId(value)),
  ...announcementTextSchema.shape,
  audience: audienceSchema,
  sentBy: z.string(),
  sentAt: z.string(),
  state: z.enum(['waiting', 'sending', 'sent']),
  companies: z.int().optional(),
  reached: z.int().optional(),
});
type Row = z.infer<typeof rowSchema>;
export type Announcement = Omit<Row, 'sk'> & { readonly id: AnnouncementId };

const parse = (row: unknown): Announcement => {
  const { sk, ...announcement } = rowSchema.parse(row);
  return { id: sk, ...announcement };
};

/** Whether a company belongs to those that an announcement goes to. */
export function isAddressed(
  { audience }: Announcement,
  { tenantId, tier }: Pick<Tenant, 'tenantId' | 'tier'>,
): boolean {
  if (audience.kind === 'tier') return tier === audience.tier;
  return audience.kind === 'all' || tenantId === audience.tenantId;
}

async function assertCompany(control: Table, audience: Audience): Promise<void> {
  if (audience.kind !== 'company' || (await findTenant(control, audience.tenantId))) return;
  throw new DomainError('invalid_request', 'There is no such company.', {
    fields: [{ field: 'audience.tenantId', message: 'is not the id of a company' }],
  });
}

/**
 * Keeps an announcement, which the job that sends circulars goes on with, and the entry in the log of the staff. The same again changes nothing.
 * @throws {DomainError} `invalid_request` when the company is not there, `conflict` when another announcement has the id
 */
export async function placeAnnouncement(
  tables: { readonly control: Table; readonly auditTable: string },
  id: AnnouncementId,
  { audience, ...text }: AnnouncementText & { readonly audience: Audience },
  { actor, at }: { readonly actor: OperatorActor; readonly at: Date },
): Promise<Announcement> {
  const { control, auditTable } = tables;
  await assertCompany(control, audience);
  const row = { ...text, audience, sentBy: actorName(actor), sentAt: at.toISOString(), state: 'waiting' as const };
  const details = { announcement: id, subject: text.subject.en, audience: JSON.stringify(audience) };
  const isNew = await wasTransacted(
    control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.announcement(id), ...row },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          stageAuditItem(auditTable, { actor, action: 'announcement.sent', details, at }),
        ],
      }),
    ),
  );
  if (isNew) return { id, ...row };
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.announcement(id), ConsistentRead: true }),
  );
  const found = parse(Item);
  const said = (of: AnnouncementText & { readonly audience: Audience }) =>
    JSON.stringify([
      of.subject.en,
      of.subject.ko,
      of.body.en,
      of.body.ko,
      of.audience.kind,
      Object.values(of.audience).toSorted(),
    ]);
  if (said(found) === said({ ...text, audience })) return found;
  throw new DomainError('conflict', 'Another announcement has this id.');
}

/** The newest announcements, the newest first. */
export async function listAnnouncements(control: Table, limit: number): Promise<readonly Announcement[]> {
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': controlKeys.announcement('').pk },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    }),
  );
  return Items.map(parse);
}

/** How many companies have an announcement. */
export async function countReached(control: Table, id: AnnouncementId): Promise<number> {
  let reached = 0;
  let from: Record<string, unknown> | undefined;
  do {
    const { Count = 0, LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': controlKeys.announced(id, '').pk },
        Select: 'COUNT',
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    reached += Count;
    from = LastEvaluatedKey;
  } while (from);
  return reached;
}

/** Notes that a company has an announcement. Noting it twice counts once. */
export async function noteReached(control: Table, id: AnnouncementId, tenantId: TenantId, at: Date): Promise<void> {
  const Item = { ...controlKeys.announced(id, tenantId), at: at.toISOString() };
  await control.client.send(new PutCommand({ TableName: control.name, Item }));
}

/** Moves an announcement on; what is said again changes nothing. */
export async function moveAnnouncement(
  control: Table,
  id: AnnouncementId,
  to: { readonly state: 'sending'; readonly companies: number } | { readonly state: 'sent'; readonly reached: number },
): Promise<void> {
  const [name, value] = to.state === 'sending' ? ['companies', to.companies] : ['reached', to.reached];
  await control.client.send(
    new UpdateCommand({
      TableName: control.name,
      Key: controlKeys.announcement(id),
      UpdateExpression: 'SET #state = :state, #name = :value',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state', '#name': name },
      ExpressionAttributeValues: { ':state': to.state, ':value': value },
    }),
  );
}
