import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';

const CURSOR_CHARS_MAX = 400;

/** A place in a list, opaque to the caller. It says where to go on, never whose list it is. */
export const cursorSchema = z
  .string()
  .min(1)
  .max(CURSOR_CHARS_MAX)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be a cursor of this list');

export const encodeCursor = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws {DomainError} `invalid_request` naming `cursor`, when it is not one of this list */
export function decodeCursor<S extends z.ZodType>(cursor: string, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new DomainError('invalid_request', 'cursor: must be a cursor of this list.', {
      cause,
      fields: [{ field: 'cursor', message: 'must be a cursor of this list' }],
    });
  }
}
