import type { Actor } from '@tenantry/core/actor/actor';
import type { TenantSession } from '@tenantry/core/isolation/credentials';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import type { TierName } from '@tenantry/core/tier/catalogue';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Answering } from './answers.ts';

/** What the middleware found out about a request, for the route's implementation. */
export interface RequestState {
  params: unknown;
  query: unknown;
  body: unknown;
  actor: Actor;
  /** The active tenant of a member's request. */
  tenant?: Tenant;
  /** The tenant behind an API key, as the authorizer told it. */
  keyTenant?: {
    readonly tier: TierName;
    readonly isolation: 'pool' | 'silo';
    /** Whether events are written to the pool and to the silo, since the tenant moves. */
    readonly mirrors: boolean;
    readonly status: string;
    /** Events that it has sent since midnight, UTC, as far as they are counted; some minutes old. */
    readonly eventsToday: number;
  };
  /** The tenant that the request is for, as far as the authorizer knows. */
  session?: TenantSession;
  /** That tenant's stores, by access profile. */
  scoped?: object;
  /** Whether that tenant is served at present. */
  served?: boolean;
  /** Set for a request that may come again. */
  answering?: Answering;
  /** Set with the answer, each with its attributes. */
  readonly cookies: string[];
}

interface Authorizer {
  readonly lambda?: Readonly<Record<string, unknown>> | null;
}

export type ApiEvent = APIGatewayProxyEventV2 & {
  requestContext: APIGatewayProxyEventV2['requestContext'] & { authorizer?: Authorizer };
  state?: RequestState;
};

export type ApiResult = APIGatewayProxyStructuredResultV2;

/** @throws when a middleware that should have set the state did not run. */
export function stateOf(event: ApiEvent): RequestState {
  event.state ??= { params: undefined, query: undefined, body: undefined, actor: { kind: 'anonymous' }, cookies: [] };
  return event.state;
}

/** The body as it came. */
export const rawBody = (event: ApiEvent): Buffer =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
