import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { tenantIdSchema, timeSchema } from '../contract/schemas.ts';
import { controlKeys, statusIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { parseTenant, type Tenant, tenantView } from '../tenant/tenant.ts';

/** What operators see of a tenant. */
export const operatorTenantView = (tenant: Tenant) => ({
  ...tenantView(tenant),
  isolation: tenant.isolation,
  run: tenant.run,
  suspension: tenant.suspension
    ? {
        wanted: tenant.suspension.wanted,
        reason: tenant.suspension.reason,
        since: tenant.suspension.since,
        problem: tenant.suspension.problem ?? null,
      }
    : null,
  onboardingProblem: tenant.compensation?.problem ?? null,
  deletionProblem: tenant.deactivation?.problem ?? null,
  tierChangeProblem: tenant.migration?.problem ?? null,
});

/** A place in a list of tenants of one status. */
export const tenantPlaceSchema = z.strictObject({ createdAt: timeSchema, tenantId: tenantIdSchema });
type TenantPlace = z.infer<typeof tenantPlaceSchema>;

/** Tenants of a status, the longest registered first. @param options.after the last tenant of the page before */
export async function listTenants(
  control: Table,
  options: { readonly status: string; readonly limit: number; readonly after?: TenantPlace | undefined },
): Promise<{ readonly tenants: readonly Tenant[]; readonly next: TenantPlace | undefined }> {
  const { status, limit, after } = options;
  const { gsi1pk } = statusIndex.key(status, '');
  const { Items = [], LastEvaluatedKey } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      IndexName: statusIndex.name,
      KeyConditionExpression: 'gsi1pk = :pk',
      ExpressionAttributeValues: { ':pk': gsi1pk },
      Limit: limit,
      ...(after
        ? {
            ExclusiveStartKey: { ...controlKeys.tenant(after.tenantId), ...statusIndex.key(status, after.createdAt) },
          }
        : {}),
    }),
  );
  const tenants = Items.map(parseTenant);
  const last = tenants.at(-1);
  return {
    tenants,
    next: LastEvaluatedKey && last ? { createdAt: last.createdAt, tenantId: last.tenantId } : undefined,
  };
}
