/** Every error a caller can meet: its stable code, and its title for people. The edge maps codes to HTTP in `contract/problem.ts`. */
export const errorCodes = {
  malformed_json: 'The body is not valid JSON',
  invalid_request: 'The request is not valid',
  body_too_large: 'The body is too large',
  unsupported_media_type: 'The body must be JSON',
  unauthenticated: 'Sign in first',
  invalid_api_key: 'The API key is not valid',
  forbidden: 'Not allowed',
  no_active_tenant: 'No active company',
  tenant_not_active: 'The company is not active',
  tenant_suspended: 'The company is suspended',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  slug_taken: 'This address is taken',
  slug_reserved: 'This address is reserved',
  unknown_tier: 'There is no such tier',
  illegal_transition: 'Not possible in the present state',
  conflict: 'Somebody else changed this at the same time',
  limit_reached: 'The limit of the tier is reached',
  invalid_signature: 'The signature is not valid',
  idempotency_conflict: 'The idempotency key was used for another request',
  rate_limited: 'Too many requests',
  payment_unavailable: 'The payment provider does not answer',
  unavailable: 'Not available at the moment',
  internal: 'Something went wrong on our side',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCodes;
