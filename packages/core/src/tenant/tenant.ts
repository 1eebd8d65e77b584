import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Actor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { tierSchema } from '../contract/schemas.ts';
import { controlKeys, statusIndex } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { assertTransition, type TenantStatus, tenantStatuses } from './status.ts';

/** Where a silo answers, and the secret that its recommender asks of the ML API. */
export const siloEndpointSchema = z.object({
  /** What to connect to: the load balancer. */
  address: z.string(),
  port: z.int(),
  tls: z.boolean(),
  /** The tenant's own host name: the `Host` header, and the name in the certificate. */
  host: z.string(),
});
export type SiloEndpoint = z.infer<typeof siloEndpointSchema>;

const tenantRowSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  name: z.string(),
  slug: z.string(),
  tier: tierSchema,
  status: z.enum([...tenantStatuses] as [TenantStatus, ...TenantStatus[]]),
  isolation: z.enum(['pool', 'silo']),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Onboarding attempts so far. */
  run: z.int(),
  checkoutSessionId: z.string().optional(),
  siloEndpoint: siloEndpointSchema.optional(),
  siloAccessToken: z.string().optional(),
});
export type Tenant = z.infer<typeof tenantRowSchema>;

export const parseTenant = (row: unknown): Tenant => tenantRowSchema.parse(row);

/** What the API shows of a tenant. */
export const tenantView = (tenant: Tenant) => ({
  id: tenant.tenantId,
  name: tenant.name,
  slug: tenant.slug,
  tier: tenant.tier,
  status: tenant.status,
  createdAt: tenant.createdAt,
});

export async function findTenant(control: Table, tenantId: TenantId): Promise<Tenant | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.tenant(tenantId), ConsistentRead: true }),
  );
  return Item && parseTenant(Item);
}

/** @throws {DomainError} `not_found` */
export async function loadTenant(control: Table, tenantId: TenantId): Promise<Tenant> {
  const tenant = await findTenant(control, tenantId);
  if (!tenant) throw new DomainError('not_found', 'There is no such company.');
  return tenant;
}

/**
 * Moves a tenant from the status it was read in to another, with its audit entry, in one transaction.
 * @throws {DomainError} `illegal_transition`, or `conflict` when the status changed since it was read.
 */
export async function changeStatus(
  tables: { readonly control: Table; readonly auditTable: string },
  tenant: Tenant,
  to: TenantStatus,
  context: { readonly actor: Actor; readonly at: Date; readonly reason?: string },
): Promise<Tenant> {
  assertTransition(tenant.status, to);
  const { gsi1pk } = statusIndex.key(to, tenant.createdAt);
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: tables.control.name,
              Key: controlKeys.tenant(tenant.tenantId),
              UpdateExpression: 'SET #status = :to, gsi1pk = :gsi1pk',
              ConditionExpression: '#status = :from',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':from': tenant.status, ':to': to, ':gsi1pk': gsi1pk },
            },
          },
          auditItem(tables.auditTable, {
            tenantId: tenant.tenantId,
            actor: context.actor,
            action: 'tenant.status',
            details: { from: tenant.status, to, ...(context.reason ? { reason: context.reason } : {}) },
            at: context.at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (cancellationCodes(error)) {
      throw new DomainError('conflict', `The company is no longer ${tenant.status}.`, { cause: error });
    }
    throw error;
  }
  return { ...tenant, status: to };
}

/** @throws {DomainError} `not_found` */
export async function renameTenant(control: Table, tenantId: TenantId, name: string): Promise<Tenant> {
  try {
    const { Attributes } = await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.tenant(tenantId),
        UpdateExpression: 'SET #name = :name',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#name': 'name' },
        ExpressionAttributeValues: { ':name': name },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return parseTenant(Attributes);
  } catch (error) {
    if (isConditionFailure(error)) throw new DomainError('not_found', 'There is no such company.', { cause: error });
    throw error;
  }
}
