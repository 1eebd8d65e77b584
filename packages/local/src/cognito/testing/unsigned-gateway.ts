import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Engine,
  LOCAL_ACCOUNT_ID,
  LOCAL_REGION,
} from '../../aws/engine.ts';

/** What a test learns about the calls that went through. */
export interface SeenCall {
  readonly name: string;
  readonly requires: readonly { readonly action: string; readonly resource: string }[];
}

export interface UnsignedGateway {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  close(): Promise<void>;
}

const CALLER = { accountId: LOCAL_ACCOUNT_ID, arn: `arn:aws:iam::${LOCAL_ACCOUNT_ID}:root`, tags: {} };

async function call(engine: Engine, request: AwsRequest, calls: SeenCall[]): Promise<AwsResponse> {
  try {
    const operation = await engine.prepare(request);
    calls.push({ name: operation.name, requires: operation.requires });
    return await operation.run(CALLER);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return {
      status: error.status,
      headers: { 'x-amzn-errortype': error.code },
      body: { __type: error.code, message: error.message, ...error.details },
    };
  }
}

/** Speaks the JSON protocols to the SDK for one engine and allows everything: for tests of engines alone. */
export async function serveUnsigned(engine: Engine): Promise<UnsignedGateway> {
  const calls: SeenCall[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      const request: AwsRequest = {
        service: engine.services[0] ?? '',
        region: LOCAL_REGION,
        method: incoming.method ?? 'POST',
        path: url.pathname,
        query: url.searchParams,
        headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks),
        requestId: randomUUID(),
      };
      call(engine, request, calls).then(
        ({ status = 200, headers = {}, body = {} }) => {
          outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
          outgoing.end(JSON.stringify(body));
        },
        (error: unknown) => {
          console.error(error);
          outgoing.writeHead(500).end('{"__type":"InternalErrorException"}');
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
