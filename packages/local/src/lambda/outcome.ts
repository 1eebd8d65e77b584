import { AwsError } from '../aws/engine.ts';
import { type FunctionError, KILLED_EXIT_CODE } from './protocol.ts';

/** Lambda's quotas, in bytes. */
export const SYNC_PAYLOAD_MAX_BYTES = 6 * 1024 * 1024;
export const ASYNC_PAYLOAD_MAX_BYTES = 1024 * 1024;

/** How one invocation ended. */
export interface Outcome {
  /** JSON text: the function's answer, or the error when `functionError` is there. */
  readonly payload: string;
  /** `Unhandled`, as Lambda's `X-Amz-Function-Error` says it. */
  readonly functionError?: 'Unhandled';
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
  /** Milliseconds in the handler. */
  readonly durationMs: number;
  /** Milliseconds of the initialisation when this invocation was the first of its environment. */
  readonly initMs?: number;
}

export function timedOut(requestId: string, timeoutSeconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

/** What a caller gets in place of an invocation when there is no room for it. */
export function tooManyRequests(): AwsError {
  const details = { Reason: 'ConcurrentInvocationLimitExceeded', Type: 'User' };
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, details);
}

export function outOfMemory(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}

export function exited(requestId: string, exitCode: number): FunctionError {
  const error = exitCode === KILLED_EXIT_CODE ? 'signal: killed' : `exit status ${exitCode}`;
  const reason = exitCode === 0 ? 'without providing a reason' : `with error: ${error}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason}` };
}

export function responseTooLarge(): FunctionError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_MAX_BYTES} bytes).`,
  };
}

/** @returns the payload. @throws {AwsError} `RequestTooLargeException` */
export function boundedPayload(payload: string, maxBytes: number): string {
  if (Buffer.byteLength(payload) <= maxBytes) return payload;
  const message = `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`;
  throw new AwsError('RequestTooLargeException', message, 413, { Type: 'User' });
}
