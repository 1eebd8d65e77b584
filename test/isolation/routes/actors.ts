import type { CallingKeyKind } from '@tenantry/core/contract/route';
import type { Role } from '@tenantry/core/identity/role';
import type { TenantStatus } from '@tenantry/core/tenant/status';

/** Who may turn up at a route, told by what the system can know of it. */
export type Actor =
  /** Nobody that an authorizer vouches for, whatever it sends. */
  | { readonly is: 'nobody' }
  | {
      readonly is: 'user';
      /** Set when the token names a tenant. */
      readonly tenant?: {
        readonly status: TenantStatus;
        /** The role by the tenant's own rows; undefined when they do not know the user. */
        readonly role: Role | undefined;
      };
      readonly operator: boolean;
    }
  | { readonly is: 'key'; readonly kind: CallingKeyKind; readonly status: TenantStatus }
  /** Signs a webhook as Stripe does. */
  | { readonly is: 'stripe' }
  /** A script of a page that the site itself served, in a browser without a session. */
  | { readonly is: 'page' };

const user = (
  tenant?: { readonly status: TenantStatus; readonly role: Role | undefined },
  operator = false,
): Actor => ({
  is: 'user',
  operator,
  ...(tenant ? { tenant } : {}),
});
const memberOf = (status: TenantStatus, role: Role | undefined) => user({ status, role });
const nobody: Actor = { is: 'nobody' };

/** Every actor that every route is tried by. A and B are active tenants whose ids overlap wherever they may. */
export const actors = {
  'anonymous caller': nobody,
  'caller with a garbage header': nobody,
  'owner of A': memberOf('active', 'owner'),
  'admin of A': memberOf('active', 'admin'),
  'member of A': memberOf('active', 'member'),
  'viewer of A': memberOf('active', 'viewer'),
  'user of A and B, active in A': memberOf('active', 'admin'),
  'owner of a suspended tenant': memberOf('suspended', 'owner'),
  'owner of a deleted tenant': memberOf('deleted', 'owner'),
  'owner of an unpaid tenant': memberOf('pending', 'owner'),
  'user without a tenant': user(),
  'former member of A': memberOf('active', undefined),
  operator: user(undefined, true),
  'operator impersonating A': user({ status: 'active', role: 'viewer' }, true),
  'operator whose impersonation of A ended': user({ status: 'active', role: undefined }, true),
  'publishable key of A': { is: 'key', kind: 'publishable', status: 'active' },
  'secret key of A': { is: 'key', kind: 'secret', status: 'active' },
  'revoked key of A': nobody,
  'key of a suspended tenant': { is: 'key', kind: 'secret', status: 'suspended' },
  'key of a deleted tenant': { is: 'key', kind: 'secret', status: 'deleted' },
  'key of A with the id of B in it': nobody,
  'probe of A': { is: 'key', kind: 'probe', status: 'active' },
  'probe of a tenant that is set up': { is: 'key', kind: 'probe', status: 'provisioning' },
  'probe of a suspended tenant': { is: 'key', kind: 'probe', status: 'suspended' },
  'probe of an unpaid tenant': { is: 'key', kind: 'probe', status: 'pending' },
  'probe that is over': nobody,
  'key of A that says it is a probe': nobody,
  'probe of A that says it is a key': nobody,
  Stripe: { is: 'stripe' },
  'page of the site': { is: 'page' },
  'page of another origin': nobody,
  'token of the owner of A signed by a stranger': nobody,
  'token of the owner of A without a signature': nobody,
  'token of the owner of A with its signer’s key in the header': nobody,
  'token of another user pool': nobody,
  'expired token of the owner of A': nobody,
  'id token of the owner of A': nobody,
  'token of the owner of A that names B': memberOf('active', undefined),
  'token of the viewer of A that says owner': memberOf('active', 'viewer'),
} as const satisfies Record<string, Actor>;

export type ActorName = keyof typeof actors;
