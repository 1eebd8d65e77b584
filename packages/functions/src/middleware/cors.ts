import { routes } from '@tenantry/core/contract/routes';
import type { ApiEvent, ApiResult } from './api-event.ts';

/** What shops' own pages call, from their own origins, with a key in a header and never with a cookie. */
const shopPaths: ReadonlySet<string> = new Set(
  routes.filter(({ access }) => access.by === 'apiKey').map(({ path }) => path),
);

const DAY_SECONDS = '86400';

/** Lets pages of any origin read an answer, where the route is for shops. */
export const corsHeaders = ({ rawPath }: ApiEvent): Readonly<Record<string, string>> =>
  shopPaths.has(rawPath) ? { 'access-control-allow-origin': '*' } : {};

/** The answer to a browser that asks whether it may call a route for shops; undefined for any other request. */
export function preflight(event: ApiEvent): ApiResult | undefined {
  if (event.requestContext.http.method !== 'OPTIONS' || !shopPaths.has(event.rawPath)) return undefined;
  return {
    statusCode: 204,
    headers: {
      ...corsHeaders(event),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': DAY_SECONDS,
    },
  };
}
