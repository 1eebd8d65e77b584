import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SystemActor } from '../actor/actor.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { changeStatus, type TenantTables } from '../tenant/change.ts';
import { loadTenant, type SiloEndpoint, type Tenant } from '../tenant/tenant.ts';

const provisioner: SystemActor = { kind: 'system', name: 'onboarding' };

/**
 * Begins a run of a tenant's onboarding: `pending` or `failed` → `provisioning`, and the slug is the tenant's for good from here.
 * Repeating it is safe.
 * @throws {DomainError} `conflict` when another run has begun, or the tenant is in no status from which it can.
 */
export async function beginProvisioning(
  tables: TenantTables & { readonly slugs: Table },
  { tenantId, run }: { readonly tenantId: TenantId; readonly run: number },
  at: Date,
): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  await keepSlug(tables.slugs, tenant);
  if (tenant.run === run && (tenant.status === 'provisioning' || tenant.status === 'active')) return tenant;
  if (tenant.run !== run - 1) {
    throw new DomainError('conflict', `Run ${run} cannot begin: the company is at run ${tenant.run}.`);
  }
  return changeStatus(tables, tenant, 'provisioning', { actor: provisioner, at, set: { run } });
}

async function keepSlug(slugs: Table, tenant: Tenant): Promise<void> {
  try {
    await slugs.client.send(
      new UpdateCommand({
        TableName: slugs.name,
        Key: controlKeys.slug(tenant.slug),
        UpdateExpression: 'REMOVE payBy',
        ConditionExpression: 'tenantId = :tenantId',
        ExpressionAttributeValues: { ':tenantId': tenant.tenantId },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    throw new DomainError('slug_taken', `The address "${tenant.slug}" went to another company before the payment.`, {
      cause: error,
    });
  }
}

/** Remembers where a silo answers and what it runs. The access token, once set, stays, so that a retry does not lock the running silo out. */
export async function saveSilo(
  control: Table,
  tenantId: TenantId,
  silo: { readonly endpoint?: SiloEndpoint; readonly accessToken?: string; readonly version?: string },
): Promise<void> {
  const sets = [
    ...(silo.endpoint ? ['siloEndpoint = :endpoint'] : []),
    ...(silo.accessToken ? ['siloAccessToken = if_not_exists(siloAccessToken, :token)'] : []),
    ...(silo.version ? ['siloVersion = :version'] : []),
  ];
  await control.client.send(
    new UpdateCommand({
      TableName: control.name,
      Key: controlKeys.tenant(tenantId),
      UpdateExpression: `SET ${sets.join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: {
        ...(silo.endpoint ? { ':endpoint': silo.endpoint } : {}),
        ...(silo.accessToken ? { ':token': silo.accessToken } : {}),
        ...(silo.version ? { ':version': silo.version } : {}),
      },
    }),
  );
}

/** `provisioning` → `active`. Repeating it is safe. */
export async function activateTenant(tables: TenantTables, tenantId: TenantId, at: Date): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.status === 'active') return tenant;
  return changeStatus(tables, tenant, 'active', { actor: provisioner, at });
}

/**
 * `provisioning` → `failed`, with the reason in the audit log. A run that another has overtaken changes nothing, nor does one that
 * has made the tenant active, for which only the answer was lost.
 */
export async function failProvisioning(
  tables: TenantTables,
  { tenantId, run }: { readonly tenantId: TenantId; readonly run: number },
  reason: string,
  at: Date,
): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  const ended = tenant.status === 'failed' || tenant.status === 'active';
  if (tenant.run > run || (tenant.run === run && ended)) return tenant;
  // A run that failed before it began has nothing to undo but must still be seen as failed.
  const started =
    tenant.status === 'provisioning'
      ? tenant
      : await changeStatus(tables, tenant, 'provisioning', { actor: provisioner, at, set: { run } });
  return changeStatus(tables, started, 'failed', { actor: provisioner, at, reason });
}
