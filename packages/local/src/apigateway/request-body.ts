import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-error.ts';

/** @throws {GatewayError} `REQUEST_TOO_LARGE` as soon as more than the limit has come in. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(request);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(request);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(request: IncomingMessage): GatewayError {
  // The rest is read and thrown away, so that the answer can be seen by a client that is still sending.
  request.resume();
  return new GatewayError('REQUEST_TOO_LARGE', 'the body is over the limit');
}
