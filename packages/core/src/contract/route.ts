import type { z } from 'zod';
import type { ErrorCode } from '../errors/codes.ts';
import type { Role } from '../identity/role.ts';
import type { TenantStatus } from '../tenant/status.ts';

/** The API functions; each has a role of its own. A route names the one that answers it. */
export const apiFunctions = [
  'public',
  'session',
  'me',
  'mails',
  'registration',
  'invitations',
  'tenant',
  'users',
  'sso',
  'sign-in',
  'lifecycle',
  'keys',
  'billing',
  'activity',
  'usage',
  'audit',
  'webhooks',
  'models',
  'exports',
  'erasures',
  'collector',
  'recommendations',
  'catalogue',
  'attribution',
  'operator',
  'support',
  'fleet',
  'jobs',
  'flags',
  'announcements',
  'reconciliation',
  'finance',
  'stripe-webhook',
] as const;
export type ApiFunction = (typeof apiFunctions)[number];

export const keyKinds = ['publishable', 'secret'] as const;
export type KeyKind = (typeof keyKinds)[number];
/** Kinds that a caller may come with: those that users make, and the short-lived key of the onboarding's probe. */
export const callingKeyKinds = [...keyKinds, 'probe'] as const;
export type CallingKeyKind = (typeof callingKeyKinds)[number];

/** Who may call a route. The authorizer, the checks in the function and the permission matrix derive from it. */
export type Access =
  | { readonly by: 'anyone' }
  /** Signed in; needs no tenant. */
  | { readonly by: 'user' }
  /** A member of the active tenant with one of these roles, while the tenant is in one of these statuses. */
  | { readonly by: 'member'; readonly roles: readonly Role[]; readonly statuses: readonly TenantStatus[] }
  | {
      readonly by: 'apiKey';
      readonly kinds: readonly KeyKind[];
      readonly statuses: readonly TenantStatus[];
      /** Statuses in which the onboarding's probe may call it; absent, it may not. */
      readonly probe?: readonly TenantStatus[];
    }
  /** Staff of the provider. */
  | { readonly by: 'operator' }
  | { readonly by: 'stripe' }
  /** Scripts of the site's own pages, known by their origin; a cookie may say who is signed in. */
  | { readonly by: 'site' };

/** Weight of a call in the rate limits. */
export type CostClass = 'free' | 'light' | 'heavy';

export interface Route {
  /** Stable name; the OpenAPI operation id. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly function: ApiFunction;
  readonly access: Access;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** `false`: the function takes the bytes as they came, for a signature. */
  readonly parseBody?: false;
  readonly response: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: z.ZodType;
    /** Set for what is not JSON. */
    readonly contentType?: string;
  };
  readonly errors: readonly ErrorCode[];
  /** Takes the header `Idempotency-Key` (`contract/idempotency.ts`): sent again, it answers what it answered before. For members' routes. */
  readonly idempotent?: true;
  readonly cost: CostClass;
  /** Requests per second and burst of this route by itself, whoever sends them: for what anyone may ask and nothing else limits. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  /** Largest body in bytes. */
  readonly bodyBytesMax?: number;
  readonly example?: { readonly request?: unknown; readonly response?: unknown };
}
