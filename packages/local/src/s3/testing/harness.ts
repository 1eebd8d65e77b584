/** Serves one engine to unmodified SDK clients: no signature check, no policies, the wire format and nothing more. */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type AwsResponse, type Engine, type IamRequirement } from '../../aws/engine.ts';
import { writeXml } from '../xml.ts';

export interface Harness {
  readonly url: string;
  /** Of the last call. */
  readonly required: readonly IamRequirement[];
  close(): Promise<void>;
}

/** Removes the framing `<hex>[;signature]\r\n<data>\r\n … 0\r\n<trailers>`. */
function decodeChunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  return request.headers['x-amz-content-sha256']?.toString().startsWith('STREAMING-') ? decodeChunked(body) : body;
}

function renderError(engine: Engine, error: AwsError): AwsResponse {
  if (engine.protocol === 'json')
    return { status: error.status, body: { __type: error.code, message: error.message, ...error.details } };
  const xml = writeXml('Error', { Code: error.code, Message: error.message }).replace(/ xmlns="[^"]*"/, '');
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body: xml };
}

export async function serve(engine: Engine): Promise<Harness> {
  let required: readonly IamRequirement[] = [];
  const caller = { accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', tags: {} };
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://local');
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const request = {
      service: engine.services[0] ?? '',
      region: 'us-east-1',
      method: incoming.method ?? 'GET',
      path: (incoming.url ?? '/').split('?')[0] ?? '/',
      query: url.searchParams,
      headers,
      body: await readBody(incoming),
      requestId: 'test',
    };
    let response: AwsResponse;
    try {
      const operation = await engine.prepare(request);
      required = operation.requires;
      response = await operation.run(caller);
    } catch (error) {
      response = renderError(
        engine,
        error instanceof AwsError ? error : new AwsError('InternalError', String(error), 500),
      );
    }
    const { status = 200, body = '' } = response;
    const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    outgoing.writeHead(status, { 'content-length': Buffer.byteLength(content), ...response.headers });
    outgoing.end(incoming.method === 'HEAD' ? undefined : content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get required() {
      return required;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
