import type { ErrorCode } from './codes.ts';

/** One thing wrong with one field of the input. */
export interface FieldError {
  /** Dotted path from the root of the body, query or path: `events.3.itemId`. */
  readonly field: string;
  readonly message: string;
}

/** A limit of a tier, how much of it is used, and how much there may be. */
export interface ReachedLimit {
  readonly name: string;
  readonly used: number;
  readonly allowed: number;
}

/**
 * An expected failure that the caller may see. `message` is public: a full sentence, free of internals. What helps
 * only the operator goes into `internal`, which is logged and never sent.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly internal: Readonly<Record<string, unknown>>;
  /** Seconds after which the caller may try again. */
  readonly retryAfterSeconds: number | undefined;
  /** Of a tier, where it is the reason. */
  readonly limit: ReachedLimit | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      fields?: readonly FieldError[];
      internal?: Record<string, unknown>;
      retryAfterSeconds?: number;
      limit?: ReachedLimit;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.internal = options.internal ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
  }
}
