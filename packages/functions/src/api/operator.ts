import { SFNClient } from '@aws-sdk/client-sfn';
import { decodeCursor, encodeCursor } from '@tenantry/core/contract/cursor';
import { readCertificate } from '@tenantry/core/deletion/certificate';
import { deleteTenantNow } from '@tenantry/core/deletion/deactivation';
import { type DeletionInput, deletionExecution } from '@tenantry/core/deletion/state-machine';
import { arrange, companiesOf, companyFigures, readCompanies } from '@tenantry/core/operator/companies';
import { endImpersonation, startImpersonation } from '@tenantry/core/operator/impersonation';
import { tenantOverview } from '@tenantry/core/operator/overview';
import { operatorTenantView } from '@tenantry/core/operator/tenants';
import { type SuspensionInput, suspensionExecution } from '@tenantry/core/suspension/state-machine';
import { reactivateTenant, type SuspendedTenant, suspendTenant } from '@tenantry/core/suspension/suspension';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { type TierChangeInput, tierChangeExecution } from '@tenantry/core/tier-change/state-machine';
import { resumeTierChange } from '@tenantry/core/tier-change/tier-change';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { startExecution } from '../start-execution.ts';
import { createUserFinder } from '../user-finder.ts';

const { SUSPENSION_ARN, DELETION_ARN, TIER_CHANGE_ARN, USER_POOL_ID } = readEnvironment({
  SUSPENSION_ARN: required,
  DELETION_ARN: required,
  TIER_CHANGE_ARN: required,
  USER_POOL_ID: required,
});
const { Control: control, Audit: audit } = ownTables('api/operator');
const tables = { control, auditTable: audit.name };
const sfn = new SFNClient({});
const users = createUserFinder(USER_POOL_ID);

/** How many companies of the whole list the page before has passed. */
const companyPlaceSchema = z.strictObject({ passed: z.int().nonnegative() });

/** Starts what the change needs; a start that is repeated finds the execution there. */
async function followUp({ tenantId, suspension: { changeId } }: SuspendedTenant): Promise<void> {
  const input: SuspensionInput = { tenantId, changeId };
  await startExecution(sfn, SUSPENSION_ARN, suspensionExecution(input), input);
}

export const handler = createApi('operator', undefined, {
  listTenants: async ({ query: { search, status, tier, health, sort, limit, cursor }, now }) => {
    const from = cursor ? decodeCursor(cursor, companyPlaceSchema).passed : 0;
    const byMail = search?.includes('@') ? await users.subOf(search) : undefined;
    const wanted = search?.includes('@')
      ? { among: byMail ? await companiesOf(control, byMail) : new Set<never>() }
      : { search };
    const all = await readCompanies(control, status as TenantStatus | undefined, now);
    const found = arrange(all, { ...wanted, tier, health }, sort);
    const page = found.slice(from, from + limit);
    return {
      tenants: page.map((company) => ({ ...operatorTenantView(company.tenant), ...companyFigures(company) })),
      found: found.length,
      cursor: from + limit < found.length ? encodeCursor({ passed: from + limit }) : null,
    };
  },
  readTenant: async ({ params }) => operatorTenantView(await loadTenant(control, params.tenantId)),
  readTenantOverview: ({ params: { tenantId }, now }) => tenantOverview({ control, audit }, tenantId, now),
  suspendTenant: async ({ params: { tenantId }, body: { reason }, actor, now }) => {
    logTenant(tenantId);
    const tenant = await suspendTenant(tables, tenantId, { actor, at: now, reason });
    await followUp(tenant);
    return operatorTenantView(tenant);
  },
  reactivateTenant: async ({ params: { tenantId }, query: { reason: why }, actor, now }) => {
    logTenant(tenantId);
    const tenant = await reactivateTenant(tables, tenantId, { actor, at: now, why });
    await followUp(tenant);
    return operatorTenantView(tenant);
  },
  resumeTierChange: async ({ params: { tenantId }, body: { reason: why }, actor, now }) => {
    logTenant(tenantId);
    const tenant = await resumeTierChange(tables, await loadTenant(control, tenantId), { actor, at: now, why });
    const input: TierChangeInput = { tenantId, changeId: tenant.migration.changeId };
    await startExecution(sfn, TIER_CHANGE_ARN, tierChangeExecution(input), input);
    return operatorTenantView(tenant);
  },
  deleteTenant: async ({ params: { tenantId }, body: { reason }, actor, now }) => {
    logTenant(tenantId);
    const tenant = await deleteTenantNow(tables, await loadTenant(control, tenantId), { actor, at: now, reason });
    const input: DeletionInput = { tenantId, changeId: tenant.deactivation.changeId };
    await startExecution(sfn, DELETION_ARN, deletionExecution(input), input);
    return operatorTenantView(tenant);
  },
  readCertificate: ({ params: { tenantId } }) => readCertificate(control, tenantId),
  startImpersonation: async ({ body, actor, now }) => {
    logTenant(body.tenantId);
    return startImpersonation(tables, body, { actor, at: now });
  },
  endImpersonation: async ({ params: { tenantId }, actor, now }) => {
    logTenant(tenantId);
    await endImpersonation(tables, tenantId, { actor, at: now });
    return undefined;
  },
});
