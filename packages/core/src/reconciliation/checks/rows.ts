import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import { inBatches, type Look } from '../look.ts';
import { changedAtMs } from '../tenants.ts';

/** Rows can only be looked for tenant by tenant, so a deletion is looked after for as long as this. */
const LOOKED_AFTER_MS = 14 * 86_400_000;
const AT_ONCE = 2;

/** Rows of deleted tenants: keys, models, payments, members, shoppers with all that was stored of them. */
export async function checkRows(look: Look): Promise<readonly Drift[]> {
  const lately = [...look.tenants.values()].filter(
    (tenant) =>
      expectedOf(tenant).rows === 'none' &&
      look.at.getTime() - changedAtMs(tenant.tenantId, tenant) < LOOKED_AFTER_MS &&
      look.isSettled(tenant),
  );
  look.count('rows', lately.length);
  return inBatches(lately, AT_ONCE, async ({ tenantId }): Promise<readonly Drift[]> => {
    const { count, removal } = look.cloud.rowsOf(tenantId);
    const left = await count();
    if (left === 0) return [];
    return [
      {
        kind: 'rows',
        resource: tenantId,
        tenantId,
        problem: `${left} rows of a company that is deleted are left.`,
        remedy: removal,
        holds: (now) => now !== undefined && expectedOf(now).rows === 'none',
      },
    ];
  });
}
