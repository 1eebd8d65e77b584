import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Actor, SystemActor } from '../actor/actor.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import type { TenantStatus } from '../tenant/status.ts';
import { changeStatus, loadTenant, type SiloEndpoint, type Tenant } from '../tenant/tenant.ts';

interface Tables {
  readonly control: Table;
  readonly auditTable: string;
}

const provisioner: SystemActor = { kind: 'system', name: 'onboarding' };

/**
 * Opens a new run of a tenant's onboarding. The number goes up once for each caller that wins, so two retries at once
 * start one execution.
 * @throws {DomainError} `conflict` when somebody else opened a run meanwhile.
 */
export async function openRun(control: Table, tenant: Tenant): Promise<number> {
  const run = tenant.run + 1;
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.tenant(tenant.tenantId),
        UpdateExpression: 'SET #run = :next',
        ConditionExpression: '#run = :run AND #status = :status',
        ExpressionAttributeNames: { '#run': 'run', '#status': 'status' },
        ExpressionAttributeValues: { ':run': tenant.run, ':next': run, ':status': tenant.status },
      }),
    );
    return run;
  } catch (error) {
    if (isConditionFailure(error)) {
      throw new DomainError('conflict', 'The onboarding was started a moment ago.', { cause: error });
    }
    throw error;
  }
}

/** `pending` or `failed` → `provisioning`. Repeating it is safe. The slug is the tenant's for good from here. */
export async function beginProvisioning(tables: Tables, tenantId: TenantId, at: Date): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  await keepSlug(tables.control, tenant);
  if (tenant.status === 'provisioning' || tenant.status === 'active') return tenant;
  try {
    return await changeStatus(tables, tenant, 'provisioning', { actor: provisioner, at });
  } catch (error) {
    // Whoever asked for a retry may have been faster.
    const now = await loadTenant(tables.control, tenantId);
    if (now.status === 'provisioning') return now;
    throw error;
  }
}

/** Shows a tenant whose run was just started as `provisioning`; leaves one alone that is further already. */
export async function markStarted(tables: Tables, tenant: Tenant, actor: Actor, at: Date): Promise<TenantStatus> {
  try {
    return (await changeStatus(tables, tenant, 'provisioning', { actor, at })).status;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return (await loadTenant(tables.control, tenant.tenantId)).status;
  }
}

async function keepSlug(control: Table, tenant: Tenant): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
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

/** Remembers where a silo answers. The access token, once set, stays, so that a retry does not lock the running silo out. */
export async function saveSilo(
  control: Table,
  tenantId: TenantId,
  silo: { readonly endpoint?: SiloEndpoint; readonly accessToken?: string },
): Promise<void> {
  const sets = [
    ...(silo.endpoint ? ['siloEndpoint = :endpoint'] : []),
    ...(silo.accessToken ? ['siloAccessToken = if_not_exists(siloAccessToken, :token)'] : []),
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
      },
    }),
  );
}

/** `provisioning` → `active`. Repeating it is safe. */
export async function activateTenant(tables: Tables, tenantId: TenantId, at: Date): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.status === 'active') return tenant;
  return changeStatus(tables, tenant, 'active', { actor: provisioner, at });
}

/** `provisioning` → `failed`, with the reason in the audit log. */
export async function failProvisioning(tables: Tables, tenantId: TenantId, reason: string, at: Date): Promise<Tenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (tenant.status === 'failed') return tenant;
  // A run that failed before it began has nothing to undo but must still be seen as failed.
  const started =
    tenant.status === 'pending'
      ? await changeStatus(tables, tenant, 'provisioning', { actor: provisioner, at })
      : tenant;
  return changeStatus(tables, started, 'failed', { actor: provisioner, at, reason });
}

/** The number of a paid tenant's first run, whoever opens it. */
export async function firstRun(control: Table, tenantId: TenantId): Promise<number> {
  const tenant = await loadTenant(control, tenantId);
  if (tenant.run > 0) return tenant.run;
  try {
    return await openRun(control, tenant);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict') return (await loadTenant(control, tenantId)).run;
    throw error;
  }
}
