/** What the API, or the way to it, refused. */
export class TenantryError extends Error {
  override readonly name = 'TenantryError';
  /** HTTP status; 0 when there was no answer, 202 where the API took a batch without some of its events. */
  readonly status: number;
  /** Stable code of the API, such as `invalid_api_key`; `no_answer`, `timeout`, `queue_full` and `rejected` are the SDK's own. */
  readonly code: string;
  /** To name when asking for help. */
  readonly requestId: string | undefined;
  /** When to try again, in milliseconds, as the API said. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: {
      readonly status: number;
      readonly code: string;
      readonly requestId?: string;
      readonly retryAfterMs?: number;
    },
  ) {
    super(message);
    this.status = about.status;
    this.code = about.code;
    this.requestId = about.requestId;
    this.retryAfterMs = about.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
