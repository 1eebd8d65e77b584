import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { User } from '../identity/user.ts';
import type { TenantId } from '../ids/id.ts';
import { findTenant, type Tenant } from '../tenant/tenant.ts';
import { ownerOfDomain } from './domain-owner.ts';
import { domainOf } from './mail-domain.ts';
import { providerNameOf } from './provider-name.ts';
import { includesSso, type Provider, parseProvider } from './settings.ts';

/** A company whose provider works: it is set up, its tier has single sign-on, and the company is not gone. */
export interface WorkingSso {
  readonly tenant: Tenant;
  readonly provider: Provider;
}

/** Undefined when nobody can sign in by the company's provider at present. */
export async function workingSso(control: Table, tenantId: TenantId): Promise<WorkingSso | undefined> {
  const [tenant, { Item }] = await Promise.all([
    findTenant(control, tenantId),
    control.client.send(
      new GetCommand({ TableName: control.name, Key: controlKeys.ssoProvider(tenantId), ConsistentRead: true }),
    ),
  ]);
  if (!tenant || !Item || tenant.status === 'deleted' || !includesSso(tenant)) return undefined;
  const provider = parseProvider(Item);
  return provider.status === 'ready' ? { tenant, provider } : undefined;
}

/** The company, with a working provider, that the domain of a mail address belongs to. */
export async function ssoOfAddress(control: Table, email: string): Promise<WorkingSso | undefined> {
  const domain = domainOf(email);
  const owner = domain && (await ownerOfDomain(control, domain));
  return owner ? workingSso(control, owner) : undefined;
}

/** What somebody is told who may not come in this way; the hosted login shows it. */
export const refusals = {
  provider: 'This sign-in is not set up, or is no longer.',
  address: 'Your company’s provider may not speak for this mail address.',
  password: 'Your company signs in with its own provider. Enter your mail address on our site to be sent there.',
} as const;

const refused = (reason: keyof typeof refusals): DomainError => new DomainError('forbidden', refusals[reason]);

/**
 * A company's provider speaks for addresses of that company's verified domains, and for no other, whatever it says.
 * @throws {DomainError} `forbidden`
 */
export async function assertProviderSpeaksFor(
  control: Table,
  tenantId: TenantId,
  email: string | undefined,
): Promise<WorkingSso> {
  const [sso, owner] = await Promise.all([
    workingSso(control, tenantId),
    ownerOfDomain(control, domainOf(email ?? '') ?? 'none'),
  ]);
  if (!sso) throw refused('provider');
  if (owner !== tenantId) throw refused('address');
  return sso;
}

/**
 * Where a company has made its provider a duty, a password leads into it no more, but for its owners, so that a provider that fails locks nobody
 * out. What somebody is in other companies is theirs: there the password is as good as it was.
 * @param user.addresses that whoever signs in has now and had before: people change them themselves, so each counts
 * @param user.memberships the companies that a password could lead into
 * @returns the companies that it does not lead into
 * @throws {DomainError} `forbidden` for a password that would lead nowhere
 */
export async function closedToPassword(
  control: Table,
  { addresses, memberships }: { readonly addresses: readonly string[]; readonly memberships: User['memberships'] },
): Promise<ReadonlySet<TenantId>> {
  const found = await Promise.all([...new Set(addresses)].map((address) => ssoOfAddress(control, address)));
  const closed = new Set(found.flatMap((sso) => (sso?.provider.enforced ? sso.tenant.tenantId : [])));
  for (const { tenantId, role } of memberships) if (role === 'owner') closed.delete(tenantId);
  if (closed.size > 0 && memberships.every(({ tenantId }) => closed.has(tenantId))) throw refused('password');
  return closed;
}

/** Where people of a mail domain sign in; null where with a password. */
export async function signInOf(
  control: Table,
  domain: string,
): Promise<{ readonly provider: string | null; readonly enforced: boolean }> {
  const sso = await ssoOfAddress(control, `x@${domain}`);
  return sso
    ? { provider: providerNameOf(sso.tenant.tenantId), enforced: sso.provider.enforced }
    : { provider: null, enforced: false };
}
