import { routes } from 'virtual:tenantry/routes';
import { useQuery } from '@tanstack/react-query';
import type { Access } from '@tenantry/core/contract/route';
import type { RouteId } from '@tenantry/core/contract/routes';
import type { CallOutput } from '../api/client.ts';
import { queries } from '../queries.ts';

type Me = CallOutput<'getMe'>;
type Membership = Me['memberships'][number];
type Tenant = Membership['tenant'];

/** Whoever is signed in, in the company that they look at. */
export interface Viewer {
  readonly me: Me;
  /** Of the active company; undefined for who has none, and for staff that looks at a company of others. */
  readonly membership: Membership | undefined;
  readonly role: Membership['role'] | undefined;
  /** The company that is shown, whether as its member or as staff; undefined for who has none. */
  readonly tenant: Tenant | undefined;
  /** Whether the API would answer this route to them now. What it would refuse is neither asked for nor offered. */
  may(route: RouteId): boolean;
}

/** Who the contract lets call a route, asked before anything is sent. @param lookedAt by staff: the company */
export function viewerOf(me: Me, lookedAt?: Tenant): Viewer {
  const membership = me.impersonation
    ? undefined
    : me.memberships.find(({ tenant }) => tenant.id === me.activeTenantId);
  return {
    me,
    membership,
    role: membership?.role,
    tenant: membership?.tenant ?? lookedAt,
    may(route) {
      const { access } = routes[route] as { readonly access: Access };
      if (access.by === 'operator') return me.operator;
      if (access.by !== 'member') return true;
      // Staff that looks at a company sees what its viewers see.
      const seen = me.impersonation ? lookedAt && { role: 'viewer' as const, tenant: lookedAt } : membership;
      return (
        seen !== undefined &&
        access.roles.includes(seen.role) &&
        (access.statuses as readonly string[]).includes(seen.tenant.status)
      );
    },
  };
}

/** The viewer, once it is known who they are. */
export function useViewer(): Viewer | undefined {
  const me = useQuery(queries.me);
  const looks = me.data !== undefined && me.data.impersonation !== null;
  const tenant = useQuery({ ...queries.tenant, enabled: looks });
  if (!me.data || (looks && tenant.isPending)) return undefined;
  return viewerOf(me.data, looks ? tenant.data : undefined);
}
