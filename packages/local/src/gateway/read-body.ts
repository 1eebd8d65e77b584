import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws/engine.ts';

/**
 * The whole body; undefined when it is longer than `limit` bytes, of which no more than that is kept.
 * @throws {AwsError} `RequestTimeout` when the client stops in the middle.
 */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return undefined;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of message.iterator({ destroyOnReturn: false })) {
      length += part.length;
      if (length > limit) return undefined;
      parts.push(part);
    }
  } catch {
    throw new AwsError('RequestTimeout', 'The body of the request did not arrive.');
  }
  return Buffer.concat(parts);
}
