import type { IncomingMessage } from 'node:http';
import { StatusError } from './status.ts';

const bytesMax = 1024 * 1024;

/** @throws {StatusError} `RequestEntityTooLarge`, or `BadRequest` when it is not JSON */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > bytesMax) throw new StatusError('RequestEntityTooLarge', `limit is ${bytesMax} bytes`);
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new StatusError('BadRequest', 'the body is not valid JSON, the form of YAML that this cluster takes');
  }
}
