import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type AwsRequest, type Engine, type IamRequirement } from '../../aws/engine.ts';

/** An engine behind plain HTTP, for tests of the engine alone: nothing is signed and everything is allowed. */
export interface EngineServer {
  readonly url: string;
  /** What each call would have had to be allowed. */
  readonly required: IamRequirement[];
  close(): Promise<void>;
}

const caller = { accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root', tags: {} };

/**
 * @param engines chosen by the signing name in the request's credential scope; others' calls go to `fallback`
 */
export async function serveEngine(
  find: () => Engine,
  fallback?: (request: AwsRequest) => Promise<object>,
): Promise<EngineServer> {
  const required: IamRequirement[] = [];
  const server = createServer(async (request, response) => {
    const awsRequest = await readRequest(request);
    try {
      const engine = find();
      if (!engine.services.includes(awsRequest.service)) {
        const body = JSON.stringify((await fallback?.(awsRequest)) ?? {});
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
        return;
      }
      const operation = await engine.prepare(awsRequest);
      required.push(...operation.requires);
      const { status = 200, headers = {}, body = '' } = await operation.run(caller);
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(raw ? body : JSON.stringify(body));
    } catch (error) {
      const failure = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      const body = JSON.stringify({
        __type: failure.code,
        Message: failure.message,
        message: failure.message,
        ...failure.details,
      });
      response
        .writeHead(failure.status, { 'content-type': 'application/json', 'x-amzn-errortype': failure.code })
        .end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    required,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(request: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return {
    service: /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '',
    region: 'us-east-1',
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
    requestId: randomUUID(),
  };
}
