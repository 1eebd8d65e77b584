import type { MiddlewareObj } from '@middy/core';
import { type Problem, problemContentType, problemStatus } from '@tenantry/core/contract/problem';
import { errorCodes } from '@tenantry/core/errors/codes';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { TenantForgottenError } from '@tenantry/core/isolation/credentials';
import { log } from '../logging.ts';
import type { ApiEvent, ApiResult } from './api-event.ts';
import { answeredCookies } from './cookies.ts';
import { corsHeaders } from './cors.ts';

/** Renders an error as an RFC 9457 problem document. */
export function problemResult(error: DomainError, requestId: string): ApiResult {
  const status = problemStatus[error.code];
  const problem: Problem = {
    type: `/docs#error-${error.code}`,
    title: errorCodes[error.code],
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.fields.length > 0 ? { errors: [...error.fields] } : {}),
    ...(error.limit ? { limit: error.limit } : {}),
  };
  return {
    statusCode: status,
    headers: {
      'content-type': problemContentType,
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(error.retryAfterSeconds ? { 'retry-after': String(error.retryAfterSeconds) } : {}),
    },
    body: JSON.stringify(problem),
  };
}

const toDomainError = (error: unknown): DomainError => {
  if (error instanceof DomainError) return error;
  // The tenant stopped being served while this request was under way; the next one is told so.
  if (error instanceof TenantForgottenError) {
    return new DomainError('unavailable', 'Try again.', { cause: error, retryAfterSeconds: 1 });
  }
  return new DomainError('internal', 'The request could not be answered; it is safe to try again.', { cause: error });
};

/** Turns whatever is thrown into a problem document. What is not a `DomainError` is logged whole and shown as `internal`. */
export function problems(): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    onError: (request) => {
      const error = toDomainError(request.error);
      if (problemStatus[error.code] >= 500) log.error('request failed', error, error.internal);
      else log.info('request refused', { code: error.code, detail: error.message, ...error.internal });
      const result = problemResult(error, request.event.requestContext.requestId);
      const headers = { ...result.headers, ...corsHeaders(request.event) };
      request.response = { ...result, headers, ...answeredCookies(request.event) };
    },
  };
}
