/** A gateway that lets everybody in: Step Functions from the engine, everything else from the test. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type AwsRequest, type AwsResponse, type Engine, type IamRequirement } from '../../aws/engine.ts';

/** A Lambda function of the test: its answer, or the error that it throws. */
export type TestFunction = (payload: unknown, call: { readonly hungUp: Promise<void> }) => unknown;

export interface TestGateway {
  readonly url: string;
  readonly functions: Map<string, TestFunction>;
  /** Answers to calls of other services, by `X-Amz-Target`. */
  readonly targets: Map<string, (body: unknown) => object>;
  /** What was asked of each service, without Step Functions' own: target or function name, and the signer's key id. */
  readonly calls: { readonly target: string; readonly body: unknown; readonly keyId: string }[];
  /** What the last Step Functions call needed. */
  requires: readonly IamRequirement[];
  serve(engine: Engine): void;
  close(): Promise<void>;
}

/** The error document that a function's runtime makes of what it threw. */
export class FunctionFailure extends Error {
  constructor(errorType: string, message = 'failed') {
    super(message);
    this.name = errorType;
  }
}

export async function startGateway(): Promise<TestGateway> {
  let engine: Engine | undefined;
  const server = createServer((request, response) => {
    const hungUp = new Promise<void>((resolve) => void response.once('close', resolve));
    answer(request, hungUp).then(
      ({ status = 200, headers = {}, body = '' }) => send(response, status, headers, body),
      (error: unknown) => {
        const { code, message, status } =
          error instanceof AwsError ? error : { code: 'InternalFailure', message: String(error), status: 500 };
        send(response, status, { 'x-amzn-errortype': code }, { __type: code, message });
      },
    );
  });

  async function answer(incoming: IncomingMessage, hungUp: Promise<void>): Promise<AwsResponse> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? '/', gateway.url);
    const body = Buffer.concat(chunks);
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const own = gateway.targets.get(target);
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname) ?? [];
    const keyId = /Credential=([^/]+)/.exec(String(incoming.headers.authorization))?.[1] ?? '';
    if (name !== undefined) return invoke(decodeURIComponent(name), JSON.parse(body.toString()), { keyId, hungUp });
    if (own !== undefined) {
      const asked: unknown = JSON.parse(body.toString());
      gateway.calls.push({ target, body: asked, keyId });
      return { body: own(asked) };
    }
    if (engine === undefined) throw new Error('No engine is served');
    const request: AwsRequest = {
      service: 'states',
      region: 'us-east-1',
      method: incoming.method ?? 'POST',
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, String(value)])),
      body,
      requestId: randomUUID(),
    };
    const operation = await engine.prepare(request);
    gateway.requires = operation.requires;
    return operation.run({ accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', tags: {} });
  }

  async function invoke(
    arn: string,
    payload: unknown,
    { keyId, hungUp }: { readonly keyId: string; readonly hungUp: Promise<void> },
  ): Promise<AwsResponse> {
    const name = arn.split(':').at(-1) ?? arn;
    gateway.calls.push({ target: name, body: payload, keyId });
    const handler = gateway.functions.get(name);
    if (handler === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    try {
      return { body: JSON.stringify((await handler(payload, { hungUp })) ?? null) };
    } catch (error) {
      if (error instanceof AwsError || !(error instanceof Error)) throw error;
      const body = { errorMessage: error.message, errorType: error.name, trace: [] };
      return { headers: { 'x-amz-function-error': 'Unhandled' }, body };
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions: new Map(),
    targets: new Map(),
    calls: [],
    requires: [],
    serve: (served) => {
      engine = served;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gateway;
}

function send(response: ServerResponse, status: number, headers: object, body: object | string | Uint8Array): void {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  response.writeHead(status, { 'x-amzn-requestid': randomUUID(), ...headers });
  response.end(raw);
}
