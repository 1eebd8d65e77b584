import type { MiddlewareObj } from '@middy/core';
import type { Route } from '@tenantry/core/contract/route';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { answeredCookies } from './cookies.ts';
import { corsHeaders } from './cors.ts';

/** Renders what an implementation returned by the contract's schema, so that a field that is not in it cannot leave. */
export function bodyOf({ response: { status, schema } }: Route, value: unknown): string {
  if (status === 204) return '';
  return schema ? JSON.stringify(schema.parse(value)) : String(value);
}

/** A success of a route with a body that is rendered. */
export function resultOf(
  route: Route,
  event: ApiEvent,
  body: string,
  more: Readonly<Record<string, string>> = {},
): ApiResult {
  const { status, contentType = 'application/json' } = route.response;
  const headers = {
    'cache-control': 'no-store',
    'x-request-id': event.requestContext.requestId,
    ...corsHeaders(event),
    ...more,
  };
  const cookies = answeredCookies(event);
  return status === 204
    ? { statusCode: 204, headers, ...cookies }
    : { statusCode: status, headers: { ...headers, 'content-type': contentType }, body, ...cookies };
}

/** Makes an answer of what the implementation returned. */
export const output = (route: Route): MiddlewareObj<ApiEvent, ApiResult> => ({
  after: (request) => {
    request.response = resultOf(route, request.event, bodyOf(route, request.response));
  },
});
