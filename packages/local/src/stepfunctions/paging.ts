import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';

/** `maxResults`, of which 0 means the default. */
export const pageSize = z
  .number()
  .int()
  .min(0)
  .max(1000)
  .optional()
  .transform((asked) => asked || 100);

export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws {AwsError} `InvalidToken` for a token that `writeCursor` has not made. */
export function readCursor<Schema extends z.ZodType>(
  token: string | undefined,
  position: Schema,
): z.output<Schema> | undefined {
  if (token === undefined) return undefined;
  try {
    return position.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new AwsError('InvalidToken', "Invalid Token: 'The provided nextToken is not valid'");
  }
}
