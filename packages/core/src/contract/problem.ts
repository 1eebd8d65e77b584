import * as z from 'zod';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';

/** The HTTP status of every error code. */
export const problemStatus = {
  malformed_json: 400,
  invalid_request: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  unauthenticated: 401,
  invalid_api_key: 401,
  forbidden: 403,
  no_active_tenant: 403,
  tenant_not_active: 409,
  tenant_suspended: 403,
  not_found: 404,
  method_not_allowed: 405,
  slug_taken: 409,
  slug_reserved: 400,
  unknown_tier: 400,
  illegal_transition: 409,
  conflict: 409,
  limit_reached: 403,
  invalid_signature: 400,
  idempotency_conflict: 422,
  idempotency_in_progress: 409,
  rate_limited: 429,
  payment_required: 402,
  payment_unavailable: 502,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

/** RFC 9457 problem document. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  requestId: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  /** The limit of the tier that is reached. */
  limit: z.object({ name: z.string(), used: z.int(), allowed: z.int() }).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const problemContentType = 'application/problem+json';
