import { cancellationCodes } from '@tenantry/core/control/table';
import { ClusterError } from '@tenantry/core/silo/cluster/error';

/** Thrown by a task that may simply be run again; the state machine's retry policy goes by this name. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/** Errors after which trying again helps: throttling, time-outs, and what AWS says of itself. */
const transientNames =
  /Throttl|ConditionalRequestConflict|TooManyRequests|ProvisionedThroughput|TransactionConflict|Timeout|ServiceUnavailable|InternalServer|ECONNREFUSED|ECONNRESET|EPIPE|LimitExceeded/;

/** Whether the same task may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RetryableError) return true;
  if (error instanceof ClusterError) return error.retryable;
  if (cancellationCodes(error)?.includes('TransactionConflict')) return true;
  if (!(error instanceof Error)) return false;
  const { name, code } = error as Error & { code?: string };
  return transientNames.test(name) || transientNames.test(code ?? '');
}

/** What an error says, in words that people may read. */
export function messageOf(error: unknown): string {
  if (error instanceof ClusterError && error.code === 'unavailable') return 'The cluster does not answer.';
  return error instanceof Error ? error.message : String(error);
}
