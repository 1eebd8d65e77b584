/** What API Gateway itself answers, before or instead of a function. */
export type GatewayErrorKind =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'REQUEST_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_ERROR'
  | 'SERVICE_UNAVAILABLE';

const answers = {
  BAD_REQUEST: { status: 400, message: 'Bad Request' },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized' },
  FORBIDDEN: { status: 403, message: 'Forbidden' },
  NOT_FOUND: { status: 404, message: 'Not Found' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Entity Too Large' },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too Many Requests' },
  INTERNAL_ERROR: { status: 500, message: 'Internal Server Error' },
  SERVICE_UNAVAILABLE: { status: 503, message: 'Service Unavailable' },
} as const satisfies Record<GatewayErrorKind, { status: number; message: string }>;

/** Ends a request with an answer of API Gateway's own. */
export class GatewayError extends Error {
  readonly kind: GatewayErrorKind;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For the access log only; the caller never sees it. */
  readonly reason: string;

  constructor(kind: GatewayErrorKind, reason: string, headers: Readonly<Record<string, string>> = {}) {
    super(answers[kind].message);
    this.name = 'GatewayError';
    this.kind = kind;
    this.status = answers[kind].status;
    this.headers = headers;
    this.reason = reason;
  }
}
