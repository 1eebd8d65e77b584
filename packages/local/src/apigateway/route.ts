/** How a route decides who may call it. */
export type Authorizer =
  | { readonly type: 'none' }
  | {
      readonly type: 'lambda';
      readonly functionArn: string;
      /** How long an answer is reused for the same identity; 0 asks every time. */
      readonly ttlSeconds: number;
      /** Such as `$request.header.Authorization`; all must be there. */
      readonly identitySources: readonly string[];
    };

export interface RouteSpec {
  /** An HTTP method or `ANY`; of no meaning for `$default`. */
  readonly method: string;
  /** `/v1/tenants/{tenantId}`, `/files/{path+}`, or `$default`. */
  readonly path: string;
  readonly functionArn: string;
  readonly authorizer: Authorizer;
  /** Requests per second and burst; absent where the stage's own limit is the only one. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
}

/** `GET /v1/tenant`, or `$default`. */
export function routeKey(route: Pick<RouteSpec, 'method' | 'path'>): string {
  return route.path === '$default' ? '$default' : `${route.method} ${route.path}`;
}
