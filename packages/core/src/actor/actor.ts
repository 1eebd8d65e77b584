import type { CallingKeyKind } from '../contract/route.ts';
import type { Role } from '../identity/role.ts';
import type { TenantId, UserId } from '../ids/id.ts';

/** Somebody who signed in; `sub` is the user pool's name for the user. */
export interface UserActor {
  readonly kind: 'user';
  readonly sub: string;
  readonly userId: UserId;
  /** The tenant that the access token is for; null before the first registration. */
  readonly tenantId: TenantId | null;
  /** Whether it is also staff of the provider; what that allows goes by the operator's own actor. */
  readonly operator: boolean;
}

/** A user in a tenant that it was verified to be a member of. */
export interface MemberActor {
  readonly kind: 'member';
  readonly sub: string;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly role: Role;
  /** An operator of the provider who looks at the tenant as one of its users. */
  readonly impersonating: boolean;
}

/** Staff of the provider; belongs to no tenant. */
export interface OperatorActor {
  readonly kind: 'operator';
  readonly sub: string;
  readonly userId: UserId;
}

export interface ApiKeyActor {
  readonly kind: 'apiKey';
  readonly tenantId: TenantId;
  readonly keyId: string;
  readonly keyKind: CallingKeyKind;
}

/** Work that nobody asked for by a request: tasks, consumers, jobs. */
export interface SystemActor {
  readonly kind: 'system';
  readonly name: string;
}

export interface AnonymousActor {
  readonly kind: 'anonymous';
}

export type Actor = UserActor | MemberActor | OperatorActor | ApiKeyActor | SystemActor | AnonymousActor;

/** How the audit log names an actor. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return actor.userId;
    case 'member':
      return actor.impersonating ? `operator:${actor.userId}` : actor.userId;
    case 'operator':
      return `operator:${actor.userId}`;
    case 'apiKey':
      return actor.keyId;
    case 'system':
      return `system:${actor.name}`;
    case 'anonymous':
      return 'anonymous';
  }
}
