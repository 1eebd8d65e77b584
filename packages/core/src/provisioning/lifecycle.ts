import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SystemActor } from '../actor/actor.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { changeStatus, type TenantTables } from '../tenant/change.ts';
import { loadTenant, type SiloEndpoint, type Tenant } from '../tenant/tenant.ts';

export const provisioner: SystemActor = { kind: 'system', name: 'onboarding' };

/** One attempt at a tenant's onboarding. */
export interface Run {
  readonly tenantId: TenantId;
  readonly run: number;
}

/** Where a run goes from its beginning: on, or nowhere until what the last run had made is taken back. */
export type Beginning = { readonly way: 'on'; readonly tenant: Tenant } | { readonly way: 'wait' };

/**
 * Begins a run of a tenant's onboarding: `pending` or `failed` → `provisioning`, and the slug is the tenant's for good from here. What
 * an earlier run left is used again. Repeating it is safe.
 * @throws {DomainError} `conflict` when another run has begun, or the tenant is in no status from which it can.
 */
export async function beginProvisioning(
  tables: TenantTables & { readonly slugs: Table },
  { tenantId, run }: Run,
  at: Date,
): Promise<Beginning> {
  const tenant = await loadTenant(tables.control, tenantId);
  const { status, compensation } = tenant;
  await keepSlug(tables.slugs, tenant);
  if (tenant.run === run && (status === 'active' || (status === 'provisioning' && !compensation))) {
    return { way: 'on', tenant };
  }
  if (tenant.run === run - 1 && status === 'provisioning' && compensation) return { way: 'wait' };
  if (tenant.run !== run - 1 || status === 'provisioning') {
    throw new DomainError('conflict', `Run ${run} cannot begin: the company is ${status} at run ${tenant.run}.`);
  }
  const changed = await changeStatus(tables, tenant, 'provisioning', {
    actor: provisioner,
    at,
    set: { run, compensation: null },
  });
  return { way: 'on', tenant: changed };
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

/**
 * `provisioning` → `active`. Repeating it is safe.
 * @throws {DomainError} `conflict` when another execution of the run takes it back
 */
export async function activateTenant(tables: TenantTables, tenantId: TenantId, at: Date): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.status === 'active') return tenant;
  if (tenant.compensation) throw new DomainError('conflict', 'The onboarding is being taken back.');
  return changeStatus(tables, tenant, 'active', { actor: provisioner, at });
}
