import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { releaseDomain } from './domain-owner.ts';
import type { IdentityPool } from './identity-pool.ts';
import { providerNameOf } from './provider-name.ts';
import { readSso } from './settings.ts';

/**
 * Ends the single sign-on of a company that is deleted: its provider, everybody's ties to it, and the hold on its domains. The company's own rows of
 * it are erased with the rest, so that whoever repeats this finds them again until all is done.
 * @param tables.owned reaches who owns a domain, `registry` the rows of the company
 */
export async function endSso(
  { owned, registry }: { readonly owned: Table; readonly registry: Table },
  pool: IdentityPool,
  tenantId: TenantId,
): Promise<void> {
  const { domains, provider, people } = await readSso(registry, tenantId);
  const name = providerNameOf(tenantId);
  if (provider) await pool.remove(name);
  for (const person of people) await pool.part(name, person);
  for (const { domain } of domains) await releaseDomain(owned, tenantId, domain);
}
