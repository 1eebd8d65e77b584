export type ClusterErrorCode = 'conflict' | 'forbidden' | 'invalid' | 'notFound' | 'unavailable';

/** What the cluster refused, or that it could not be asked. Its message may name internals: for logs, not for callers. */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined;

  constructor(code: ClusterErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClusterError';
    this.code = code;
    this.status = options.status;
  }

  /** The same call may succeed later without a change. */
  get retryable(): boolean {
    return this.code === 'unavailable';
  }
}

const codes: Readonly<Record<number, ClusterErrorCode>> = {
  400: 'invalid',
  401: 'forbidden',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  410: 'notFound',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
};

/** The error of an answer that is not 2xx; throttling and faults of the server count as `unavailable`. */
export function errorOfStatus(status: number, body: unknown, call: string): ClusterError {
  const message =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? body.message
      : `HTTP ${status}`;
  return new ClusterError(codes[status] ?? 'unavailable', `${call}: ${message}`, { status });
}
