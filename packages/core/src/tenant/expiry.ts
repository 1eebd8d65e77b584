import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { auditItem } from '../audit/audit.ts';
import { controlKeys, statusIndex } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Tenant } from './tenant.ts';

/**
 * Ends a registration that was never paid: the tenant becomes `deleted`, its members are let go and its slug is free.
 * @returns false when it was paid, or ended by somebody else, in the meantime.
 */
export async function expireRegistration(
  tables: { readonly control: Table; readonly auditTable: string },
  tenant: Tenant,
  at: Date,
): Promise<boolean> {
  const { control } = tables;
  const [slugRow, members] = await Promise.all([
    control.client.send(new GetCommand({ TableName: control.name, Key: controlKeys.slug(tenant.slug) })),
    control.client.send(
      new QueryCommand({
        TableName: control.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :member)',
        ExpressionAttributeValues: { ':pk': controlKeys.tenant(tenant.tenantId).pk, ':member': 'MEMBER#' },
      }),
    ),
  ]);
  const memberRows = z.array(z.object({ sk: z.string(), sub: z.string() })).parse(members.Items ?? []);
  const ownsSlug = slugRow.Item?.tenantId === tenant.tenantId;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.tenant(tenant.tenantId),
              UpdateExpression: 'SET #status = :deleted, gsi1pk = :gsi1pk, changedAt = :at',
              ConditionExpression: '#status = :pending',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: {
                ':pending': 'pending',
                ':deleted': 'deleted',
                ':gsi1pk': statusIndex.key('deleted', '').gsi1pk,
                ':at': at.toISOString(),
              },
            },
          },
          ...(ownsSlug
            ? [
                {
                  Delete: {
                    TableName: control.name,
                    Key: controlKeys.slug(tenant.slug),
                    ConditionExpression: 'tenantId = :tenantId',
                    ExpressionAttributeValues: { ':tenantId': tenant.tenantId },
                  },
                },
              ]
            : []),
          { Delete: { TableName: control.name, Key: controlKeys.checkout(tenant.tenantId) } },
          { Delete: { TableName: control.name, Key: controlKeys.subscription(tenant.tenantId) } },
          ...memberRows.flatMap((member) => [
            { Delete: { TableName: control.name, Key: { pk: controlKeys.tenant(tenant.tenantId).pk, sk: member.sk } } },
            { Delete: { TableName: control.name, Key: controlKeys.membership(member.sub, tenant.tenantId) } },
          ]),
          auditItem(tables.auditTable, {
            tenantId: tenant.tenantId,
            actor: { kind: 'system', name: 'expire-registrations' },
            action: 'tenant.expired',
            details: { slug: tenant.slug },
            at,
          }),
        ],
      }),
    );
    await Promise.all(memberRows.map(({ sub }) => giveTrialBack(control, sub, tenant.tenantId)));
    return true;
  } catch (error) {
    if (cancellationCodes(error)) return false;
    throw error;
  }
}

/** Free days that were never begun may be had another time. */
async function giveTrialBack(control: Table, sub: string, tenantId: TenantId): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.user(sub),
        UpdateExpression: 'REMOVE trialTenantId',
        ConditionExpression: 'trialTenantId = :tenantId',
        ExpressionAttributeValues: { ':tenantId': tenantId },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
