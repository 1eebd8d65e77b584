import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';

const ownerSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId) });

const isOwn = 'tenantId = :tenantId';
const isUnproven = '(attribute_not_exists(provedAt) OR provedAt < :since)';

/** The company that has verified a mail domain; undefined when none has. */
export async function ownerOfDomain(control: Table, domain: string): Promise<TenantId | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.mailDomain(domain), ConsistentRead: true }),
  );
  return Item && ownerSchema.parse(Item).tenantId;
}

/**
 * Makes a domain nobody's, if it is this company's.
 * @param missingSince unless it was proven since then
 */
export async function releaseDomain(
  control: Table,
  tenantId: TenantId,
  domain: string,
  missingSince?: string,
): Promise<void> {
  await wasWritten(
    control.client.send(
      new DeleteCommand({
        TableName: control.name,
        Key: controlKeys.mailDomain(domain),
        ConditionExpression: missingSince ? `${isOwn} AND ${isUnproven}` : isOwn,
        ExpressionAttributeValues: { ':tenantId': tenantId, ...(missingSince ? { ':since': missingSince } : {}) },
      }),
    ),
  );
}
