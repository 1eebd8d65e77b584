import * as z from 'zod';
import type { ErrorCode } from '../errors/codes.ts';

/** By this header a caller names an attempt, so that sending it again makes nothing a second time. */
export const idempotencyHeader = 'Idempotency-Key';
/** Set to `true` on an answer that was given before. */
export const replayedHeader = 'idempotent-replayed';

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'must have 1 to 255 characters, all of them printable ASCII');

/** How long an answer is kept. */
export const answerKeptSeconds = 24 * 3600;

/** What a route that takes the header answers beside its own errors. */
export const idempotencyErrors = [
  'idempotency_conflict',
  'idempotency_in_progress',
] as const satisfies readonly ErrorCode[];
