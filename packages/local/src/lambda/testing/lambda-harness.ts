import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsRequest } from '../../aws/engine.ts';
import type { LogWrite } from '../../logs/log-line.ts';
import { createLambdaEngine, type LambdaEngine } from '../engine.ts';
import type { FunctionSpec } from '../function-spec.ts';
import { type EngineServer, serveEngine } from './engine-server.ts';

type EngineOptions = Parameters<typeof createLambdaEngine>[0];

/** A Lambda engine with functions written on the spot, reachable by the real SDK client. */
export interface LambdaHarness {
  readonly engine: LambdaEngine;
  readonly client: LambdaClient;
  readonly server: EngineServer;
  readonly dir: string;
  readonly lines: LogWrite[];
  readonly assumed: string[];
  /** Ends the engine and keeps its files, for another to start on. */
  stop(): Promise<void>;
  /** Ends the engine, where it was not stopped, and removes its files. */
  close(): Promise<void>;
}

/** Writes the code to a bundle and gives its function; `spec` overrides the rest. */
export function writeFunction(dir: string, name: string, code: string, spec: Partial<FunctionSpec> = {}): FunctionSpec {
  const bundlePath = join(dir, `${name}.mjs`);
  writeFileSync(bundlePath, code);
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    bundlePath,
    handler: 'handler',
    roleArn: `arn:aws:iam::000000000000:role/${name}-role`,
    environment: {},
    memoryMb: 128,
    timeoutSeconds: 5,
    ...spec,
  };
}

export async function startLambda(
  write: (dir: string) => FunctionSpec[],
  options: Partial<EngineOptions> & { readonly others?: (request: AwsRequest) => Promise<object> } = {},
): Promise<LambdaHarness> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'lambda-'));
  const lines: LogWrite[] = [];
  const assumed: string[] = [];
  let engine: LambdaEngine | undefined;
  const server = await serveEngine(() => {
    if (engine === undefined) throw new Error('The engine is not there yet.');
    return engine;
  }, options.others);
  engine = await createLambdaEngine({
    accountId: '000000000000',
    region: 'us-east-1',
    assumeRoleForService: async ({ roleArn }) => {
      assumed.push(roleArn);
      const expiration = new Date(Date.now() + 3_600_000);
      return {
        accessKeyId: `ASIA${roleArn.length}`,
        secretAccessKey: 'secret',
        sessionToken: `token of ${roleArn}`,
        expiration,
      };
    },
    endpoint: () => server.url,
    logs: { write: (line) => lines.push(line) },
    ...options,
    dir,
    functions: write(dir),
  });
  const started = engine;
  started.start();
  const client = new LambdaClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    maxAttempts: 1,
  });
  let stopped: Promise<void> | undefined;
  async function stopNow(): Promise<void> {
    client.destroy();
    await started.close();
    await server.close();
  }
  const stop = (): Promise<void> => {
    stopped ??= stopNow();
    return stopped;
  };
  return {
    engine: started,
    client,
    server,
    dir,
    lines,
    assumed,
    stop,
    async close() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
