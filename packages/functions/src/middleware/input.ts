import type { MiddlewareObj } from '@middy/core';
import type { Route } from '@tenantry/core/contract/route';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { fieldErrors } from '@tenantry/core/errors/field-errors';
import type { z } from 'zod';
import { type ApiEvent, type ApiResult, rawBody, stateOf } from './api-event.ts';

function check(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = fieldErrors(parsed.error);
  const first = fields[0];
  throw new DomainError('invalid_request', `${first?.field}: ${first?.message}.`, { fields });
}

function parseJson(event: ApiEvent): unknown {
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) {
    throw new DomainError('unsupported_media_type', 'Send the body as JSON, with content-type application/json.');
  }
  try {
    return JSON.parse(rawBody(event).toString('utf8'));
  } catch (cause) {
    throw new DomainError('malformed_json', 'The body is not valid JSON.', { cause });
  }
}

/** Checks size, media type and every field against the contract before anything is read or written. */
export function input(route: Route): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    before: ({ event }) => {
      const bytes = rawBody(event).byteLength;
      const bytesMax = route.bodyBytesMax ?? 0;
      if (bytes > bytesMax && (bytesMax > 0 || bytes > 1024)) {
        throw new DomainError('body_too_large', `The body has ${bytes} bytes; at most ${bytesMax} are taken.`);
      }
      const state = stateOf(event);
      state.params = check(route.params, event.pathParameters ?? {});
      state.query = check(route.query, event.queryStringParameters ?? {});
      if (route.body) state.body = check(route.body, parseJson(event));
    },
  };
}
