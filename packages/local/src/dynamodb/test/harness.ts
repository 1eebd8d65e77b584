import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError, type AwsRequest, type Caller, LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../aws/engine.ts';
import { createDynamoDbEngine, type DynamoDbEngine, type DynamoDbEngineOptions } from '../engine.ts';

export const CALLER: Caller = { accountId: LOCAL_ACCOUNT_ID, arn: `arn:aws:iam::${LOCAL_ACCOUNT_ID}:root`, tags: {} };

export interface Harness {
  readonly engine: DynamoDbEngine;
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly dir: string;
  /** One call without an SDK client, by its full target. */
  call(target: string, body: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export function wireRequest(target: string, body: object | string): AwsRequest {
  return {
    service: 'dynamodb',
    region: LOCAL_REGION,
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': target.includes('.') ? target : `DynamoDB_20120810.${target}` },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    requestId: 'request',
  };
}

/** The engine behind a plain HTTP server on a free port, with no signature and no policy in between. */
export async function startHarness(options: Partial<DynamoDbEngineOptions> = {}): Promise<Harness> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'dynamodb-'));
  const engine = await createDynamoDbEngine({
    accountId: LOCAL_ACCOUNT_ID,
    region: LOCAL_REGION,
    sweepIntervalMs: 3_600_000,
    ...options,
    dir,
  });
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const answer = await respond(engine, String(incoming.headers['x-amz-target']), Buffer.concat(chunks));
      const text = JSON.stringify(answer.body);
      outgoing.writeHead(answer.status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
      });
      outgoing.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: LOCAL_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    engine,
    client,
    endpoint,
    dir,
    async call(target, body) {
      const { status, body: answer } = await respond(engine, target, Buffer.from(JSON.stringify(body)));
      if (status !== 200) throw Object.assign(new Error(String(answer.message)), { name: answer.__type });
      return JSON.parse(JSON.stringify(answer)) as Record<string, unknown>;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function respond(engine: DynamoDbEngine, target: string, body: Buffer) {
  try {
    const operation = await engine.prepare(wireRequest(target, body.toString('utf8')));
    const response = await operation.run(CALLER);
    return { status: 200, body: response.body as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { status: error.status, body: { __type: error.code, message: error.message, ...error.details } };
  }
}
