import type { MiddlewareObj } from '@middy/core';
import type { Route } from '@tenantry/core/contract/route';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { answeredCookies } from './cookies.ts';
import { corsHeaders } from './cors.ts';

/** Renders what the implementation returned by the contract's schema, so that a field that is not in it cannot leave. */
export function output(route: Route): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    after: (request) => {
      const value: unknown = request.response;
      const headers = {
        'cache-control': 'no-store',
        'x-request-id': request.event.requestContext.requestId,
        ...corsHeaders(request.event),
      };
      const { status, schema, contentType = 'application/json' } = route.response;
      const cookies = answeredCookies(request.event);
      if (status === 204) request.response = { statusCode: 204, headers, ...cookies };
      else {
        const body = schema ? JSON.stringify(schema.parse(value)) : String(value);
        request.response = {
          statusCode: status,
          headers: { ...headers, 'content-type': contentType },
          body,
          ...cookies,
        };
      }
    },
  };
}
