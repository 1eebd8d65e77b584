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
 * @param membershipsOf the companies of whoever signs in
 * @returns the company that the password does not lead into; undefined when it leads everywhere
 * @throws {DomainError} `forbidden` for a password that would lead nowhere
 */
export async function closedToPassword(
  control: Table,
  email: string,
  membershipsOf: () => Promise<User['memberships']>,
): Promise<TenantId | undefined> {
  const sso = await ssoOfAddress(control, email);
  if (!sso?.provider.enforced) return undefined;
  const { tenantId } = sso.tenant;
  const memberships = await membershipsOf();
  if (memberships.some((membership) => membership.tenantId === tenantId && membership.role === 'owner'))
    return undefined;
  if (memberships.every((membership) => membership.tenantId === tenantId)) throw refused('password');
  return tenantId;
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
