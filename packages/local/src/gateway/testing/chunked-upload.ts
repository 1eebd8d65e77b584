import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signatures of a body in chunks, written down a second time from the specification. */
export function signChunks(options: {
  readonly secretAccessKey: string;
  readonly timestamp: string;
  readonly seed: string;
  readonly chunks: readonly Buffer[];
  readonly trailers?: Readonly<Record<string, string>>;
}): Buffer {
  const { secretAccessKey, timestamp, seed, chunks, trailers } = options;
  const day = timestamp.slice(0, 8);
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), 'us-east-1'), 's3'), 'aws4_request');
  const sign = (...lines: string[]) => hmac(key, lines.join('\n')).toString('hex');
  const parts: Buffer[] = [];
  let previous = seed;
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    previous = sign('AWS4-HMAC-SHA256-PAYLOAD', timestamp, scope, previous, sha256(''), sha256(chunk));
    parts.push(Buffer.from(`${chunk.length.toString(16)};chunk-signature=${previous}\r\n`), chunk);
    if (chunk.length > 0) parts.push(Buffer.from('\r\n'));
  }
  if (trailers) {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`);
    const canonical = lines.map((line) => `${line}\n`).join('');
    const signature = sign('AWS4-HMAC-SHA256-TRAILER', timestamp, scope, previous, sha256(canonical));
    for (const line of [...lines, `x-amz-trailer-signature:${signature}`]) parts.push(Buffer.from(`${line}\r\n`));
  }
  parts.push(Buffer.from('\r\n'));
  return Buffer.concat(parts);
}

/** The same framing without signatures. */
export function frameChunks(chunks: readonly Buffer[], trailers: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat([
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from('0\r\n'),
    ...Object.entries(trailers).map(([name, value]) => Buffer.from(`${name}:${value}\r\n`)),
    Buffer.from('\r\n'),
  ]);
}

export function crc32Base64(data: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
}
