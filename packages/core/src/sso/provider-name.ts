import { isTenantId, type TenantId } from '../ids/id.ts';

const PREFIX = 'sso-';

/**
 * What a company's identity provider is called in the user pool. It follows from the company's id and leads back to it, so that no row and no
 * request can make one company's provider speak for another.
 */
export const providerNameOf = (tenantId: TenantId): string => `${PREFIX}${tenantId.slice('ten_'.length)}`;

/** The company whose provider has this name; undefined for a name that is none. The pool may write names in other case. */
export function tenantOfProvider(name: string): TenantId | undefined {
  const lower = name.toLowerCase();
  const tenantId = `ten_${lower.slice(PREFIX.length)}`;
  return lower.startsWith(PREFIX) && isTenantId(tenantId) ? tenantId : undefined;
}

export interface FederatedName {
  readonly tenantId: TenantId;
  /** The provider's own name for the person. */
  readonly subject: string;
}

/** Who a user name `<provider>_<subject>` of the pool stands for; undefined for any other. Names of providers hold no underscore. */
export function parseFederatedName(userName: string): FederatedName | undefined {
  const at = userName.indexOf('_');
  const tenantId = at === -1 ? undefined : tenantOfProvider(userName.slice(0, at));
  const subject = userName.slice(at + 1);
  return tenantId && subject ? { tenantId, subject } : undefined;
}
