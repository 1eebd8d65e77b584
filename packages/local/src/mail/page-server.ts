import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a page or an endpoint answers. */
export interface PageResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** A request to a page, with its body already read. Header names are lower-case. */
export interface PageRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PageServer {
  readonly port: number;
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)(?::\d+)?$/i;

const BASE_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
};

class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

async function answer(
  request: IncomingMessage,
  handle: (request: PageRequest) => Promise<PageResponse>,
): Promise<PageResponse> {
  const host = request.headers.host ?? '';
  // A web page elsewhere could otherwise reach this server by a name of its own that resolves to the loopback address.
  if (!LOCAL_HOST.test(host)) return { status: 421, body: 'This server answers only on localhost.' };
  if (!URL.canParse(request.url ?? '', `http://${host}`)) return { status: 400, body: 'Malformed address.' };
  try {
    return await handle({
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', `http://${host}`),
      headers: flatHeaders(request),
      body: await readBody(request),
    });
  } catch (error) {
    if (error instanceof BodyTooLarge) return { status: 413, body: 'The request is too large.' };
    throw error;
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: PageResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(BASE_HEADERS)) response.setHeader(name, value);
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (!response.hasHeader('content-type') && body !== '')
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(body);
}

/**
 * Serves pages on the loopback address alone, with headers that forbid framing, scripts and caching unless a response
 * says otherwise.
 * @param port 0 takes a free one
 * @throws when the port is taken
 */
export async function servePages(
  port: number,
  handle: (request: PageRequest) => Promise<PageResponse>,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(request, handle).then(
      (page) => send(response, page),
      (error: unknown) => {
        console.error('a local page failed:', error);
        send(response, { status: 500, body: 'Something went wrong here. The log of the local cloud has the details.' });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    url: `http://localhost:${taken}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
