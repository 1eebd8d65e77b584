/** Stripe's errors, as every answer that is not a success carries one. */

export type StripeErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

export interface StripeErrorDetails {
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
}

export class StripeError extends Error {
  readonly status: number;
  readonly type: StripeErrorType;
  readonly details: StripeErrorDetails;

  constructor(
    status: number,
    message: string,
    details: StripeErrorDetails = {},
    type: StripeErrorType = 'invalid_request_error',
  ) {
    super(message);
    this.name = 'StripeError';
    this.status = status;
    this.type = type;
    this.details = details;
  }

  /** The body of the answer. */
  render(): object {
    const { code } = this.details;
    const docs =
      code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` };
    return { error: { type: this.type, ...this.details, message: this.message, ...docs } };
  }
}

/** An object that a parameter or an address names does not exist. The address's own id is called `id`. */
export function missing(kind: string, id: string, param = 'id'): StripeError {
  return new StripeError(param === 'id' ? 404 : 400, `No such ${kind}: '${id}'`, { code: 'resource_missing', param });
}

export function invalid(message: string, param?: string, code?: string): StripeError {
  return new StripeError(400, message, { ...(code ? { code } : {}), ...(param ? { param } : {}) });
}

export function exclusive(first: string, second: string): StripeError {
  return invalid(`You may only specify one of these parameters: ${first}, ${second}.`, first, 'parameters_exclusive');
}
