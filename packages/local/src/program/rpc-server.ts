import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** How the message begins when a handler's file does not exist. */
export const MISSING_HANDLER = 'There is no handler';

/** Handlers by the name of their function's component, such as `ApiKeys` → `packages/functions/src/api/keys.handler`. */
export type Handlers = ReadonlyMap<string, string>;

interface Call {
  readonly method: string;
  readonly params: readonly Record<string, unknown>[];
}

/** The source file of a handler such as `packages/functions/src/api/keys.handler`, or undefined when there is none. */
export function sourceOf(root: string, handler: string): string | undefined {
  const module = join(root, handler.slice(0, handler.lastIndexOf('.')));
  return ['.ts', '.mts', '.js', '.mjs'].map((extension) => module + extension).find((file) => existsSync(file));
}

/**
 * The server that SST's components call for what its CLI does: where state is kept and building functions. Functions
 * are only noted here; `bundleFunctions` builds them.
 */
export async function startRpcServer(options: {
  readonly root: string;
  readonly scratch: string;
  /** `false`: handlers that do not exist are accepted. */
  readonly requireHandlers: boolean;
}): Promise<{ readonly url: string; readonly handlers: Handlers }> {
  const { root, scratch, requireHandlers } = options;
  const handlers = new Map<string, string>();
  const bundle = join(scratch, 'bundle');
  mkdirSync(bundle, { recursive: true });

  const methods: Readonly<Record<string, (input: Record<string, unknown>) => unknown>> = {
    'Provider.Aws.Bootstrap': () => ({
      asset: 'sst-asset-local',
      state: 'sst-state-local',
      assetEcrRegistryId: '000000000000',
      assetEcrUrl: '000000000000.dkr.ecr.us-east-1.amazonaws.com/sst-asset',
    }),
    'Runtime.AddTarget': () => null,
    'Runtime.Build': (input) => {
      const handler = String(input.handler);
      if (requireHandlers && !sourceOf(root, handler)) {
        return { handler, out: bundle, errors: [`${MISSING_HANDLER} ${handler}.`], sourcemaps: [] };
      }
      handlers.set(String(input.functionID), handler);
      return { handler, out: bundle, errors: [], sourcemaps: [] };
    },
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, params } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Call;
    const implementation = methods[method];
    const answer = implementation
      ? { result: implementation(params[0] ?? {}) }
      : { error: `rpc: can't find method ${method}` };
    response.setHeader('connection', 'close').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // It must not keep the process alive: the program has ended when nothing else does.
  server.unref();
  return { url: `http://127.0.0.1:${port}`, handlers };
}
