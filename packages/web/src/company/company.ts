import { routes } from 'virtual:tenantry/routes';
import { useQuery } from '@tanstack/react-query';
import type { Access } from '@tenantry/core/contract/route';
import type { RouteId } from '@tenantry/core/contract/routes';
import type { CallOutput } from '../api/client.ts';
import { queries } from '../queries.ts';

type Me = CallOutput<'getMe'>;
type Membership = Me['memberships'][number];

/** Whoever is signed in, in the company that they look at. */
export interface Viewer {
  readonly me: Me;
  /** Of the active company; undefined for who has none, and for staff that looks at a company of others. */
  readonly membership: Membership | undefined;
  readonly role: Membership['role'] | undefined;
  /** Whether the API would answer this route to them now. What it would refuse is neither asked for nor offered. */
  may(route: RouteId): boolean;
}

/** Who the contract lets call a route, asked before anything is sent. */
export function viewerOf(me: Me): Viewer {
  const membership = me.impersonation
    ? undefined
    : me.memberships.find(({ tenant }) => tenant.id === me.activeTenantId);
  return {
    me,
    membership,
    role: membership?.role,
    may(route) {
      const { access } = routes[route] as { readonly access: Access };
      if (access.by === 'operator') return me.operator;
      if (access.by !== 'member') return true;
      // Staff that looks at a company sees what its viewers see.
      if (me.impersonation) return access.roles.includes('viewer');
      return (
        membership !== undefined &&
        access.roles.includes(membership.role) &&
        (access.statuses as readonly string[]).includes(membership.tenant.status)
      );
    },
  };
}

/** The viewer, once it is known who they are. */
export function useViewer(): Viewer | undefined {
  const me = useQuery(queries.me);
  return me.data && viewerOf(me.data);
}
