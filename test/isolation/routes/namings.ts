import type { Route } from '@tenantry/core/contract/route';
import type { RequestParts, RouteCase, TenantFixture } from './requests.ts';

/** A request before its path is filled in. */
export interface Draft extends RequestParts {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** The body as text, instead of `body`. */
  readonly text?: string;
}

interface Naming {
  /** The request with the other tenant named in it; undefined where the route has no place for that. */
  readonly apply: (draft: Draft, other: TenantFixture, route: Route, routeCase: RouteCase) => Draft | undefined;
  /**
   * What a request that would be served becomes: `same` answers as without the name, `invalid` is 400 `invalid_request`, `ids` is
   * what the route's own case says of foreign ids.
   */
  readonly becomes: 'same' | 'invalid' | 'ids';
}

const withHeaders = (headers: Draft['headers']): Naming => ({
  apply: (draft) => ({ ...draft, headers: { ...draft.headers, ...headers } }),
  becomes: 'same',
});

/** Ways in which a caller may try to name a tenant that is not its own. */
export const namings: Readonly<Record<string, Naming>> = {
  'nothing of another tenant': { apply: (draft) => draft, becomes: 'same' },
  'another tenant in an unknown query parameter': {
    apply: (draft, { tenantId }, route) =>
      route.query ? { ...draft, query: { ...draft.query, tenantId } } : undefined,
    becomes: 'invalid',
  },
  'another tenant in the query of a route that has none': {
    apply: (draft, { tenantId }, route) =>
      route.query ? undefined : { ...draft, query: { tenantId, tenant: tenantId, pk: `TENANT#${tenantId}` } },
    becomes: 'same',
  },
  'another tenant in an unknown field of the body': {
    apply: (draft, { tenantId, slug }, route) =>
      route.body && !('tenantId' in (draft.body ?? {}))
        ? { ...draft, body: { ...draft.body, tenantId, tenant: slug } }
        : undefined,
    becomes: 'invalid',
  },
  'another tenant in the prototype of the body': {
    apply: (draft, { tenantId }, route) => {
      if (!route.body) return undefined;
      const text = JSON.stringify(draft.body ?? {});
      const prototype = `{"__proto__":{"tenantId":"${tenantId}"}${text === '{}' ? '' : ','}`;
      return { ...draft, text: text.replace('{', prototype) };
    },
    becomes: 'invalid',
  },
  'another tenant in the body of a route that has none': {
    apply: (draft, { tenantId }, route) =>
      route.body || route.parseBody === false ? undefined : { ...draft, body: { tenantId } },
    becomes: 'same',
  },
  'another tenant in headers': {
    apply: (draft, { tenantId, slug }) => ({
      ...draft,
      headers: {
        ...draft.headers,
        'x-tenant-id': tenantId,
        'x-tenant': slug,
        'x-amzn-tenant-id': tenantId,
        tenantid: tenantId,
        'x-original-url': `/v1/operator/tenants/${tenantId}`,
        'x-rewrite-url': `/v1/operator/tenants/${tenantId}`,
      },
    }),
    becomes: 'same',
  },
  'another tenant as host': {
    apply: (draft, { slug }) => ({
      ...draft,
      headers: { ...draft.headers, host: `${slug}.example.com`, 'x-forwarded-host': `${slug}.example.com` },
    }),
    becomes: 'same',
  },
  'another tenant in cookies': {
    apply: (draft, { tenantId }) => ({
      ...draft,
      headers: { ...draft.headers, cookie: `tenantId=${tenantId}; tenant=${tenantId}` },
    }),
    becomes: 'same',
  },
  'an authorizer’s word of its own': withHeaders({
    'x-amzn-requestcontext-authorizer': '{"operator":"true"}',
    'x-apigateway-context': '{"authorizer":{"lambda":{"operator":"true"}}}',
  }),
  'another method in a header': withHeaders({ 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' }),
  'an idempotency key that another tenant used': withHeaders({ 'idempotency-key': 'used-by-b' }),
  'ids of another tenant wherever an id goes': {
    apply: (draft, other, _, routeCase) => (routeCase.naming ? { ...draft, ...routeCase.naming(other) } : undefined),
    becomes: 'ids',
  },
};
