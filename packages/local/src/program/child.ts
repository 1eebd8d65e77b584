import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GraphResource } from './graph.ts';
import { installMonitor } from './mock-monitor.ts';
import type { Program } from './pulumi.ts';
import type { EvaluationAnswer, EvaluationRequest } from './request.ts';
import { MISSING_HANDLER, startRpcServer } from './rpc-server.ts';

/** Runs a compiled program once. A process of its own, since Pulumi keeps its state in globals. */
async function evaluate(request: EvaluationRequest): Promise<EvaluationAnswer> {
  const { root, stage, program: file, platform, scratch, requireHandlers } = request;
  // Components look for the website's build and write types beside it; they are shown an empty project instead.
  const hollowRoot = join(scratch, 'root');
  mkdirSync(join(hollowRoot, 'packages', 'web', 'dist'), { recursive: true });

  const server = await startRpcServer({ root, scratch, requireHandlers });
  process.env.SST_SERVER = server.url;
  const paths = { home: scratch, root: hollowRoot, work: scratch, platform };
  // Some of SST's modules read `$app` while they load, before the program has said what its app is.
  const $app = { stage, providers: {} };
  const $cli = { command: 'deploy', rpc: server.url, paths, state: { version: {} } };
  Object.assign(globalThis, { $app, $cli, $dev: false });

  const program = (await import(pathToFileURL(file).href)) as Program;
  const app = await program.config.app({ stage });
  Object.assign($app, app);

  const resources = await installMonitor(program.pulumi, { app: app.name, stage });
  const outputs = await program.pulumi.runtime.runInPulumiStack(() => program.run(program.config.run));
  await everythingSettled();
  return {
    ok: true,
    resources: byUrn(resources),
    handlers: Object.fromEntries(server.handlers),
    outputs: (outputs ?? {}) as Record<string, unknown>,
  };
}

/**
 * Resources that depend on outputs are declared in promises that nobody hands out; the program is complete once the
 * process has nothing left to do.
 */
function everythingSettled(): Promise<void> {
  process.channel?.unref();
  return new Promise((resolve) => process.once('beforeExit', () => resolve()));
}

function byUrn(resources: readonly GraphResource[]): readonly GraphResource[] {
  return [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function answer(message: EvaluationAnswer): void {
  process.channel?.ref();
  process.send?.(message, () => process.exit(message.ok ? 0 : 1));
}

/** SST's errors for people, and those that the server answers, which SST passes on as they are. */
function isClear(error: Error): boolean {
  if (error.message.startsWith(MISSING_HANDLER)) return true;
  const kinds: string[] = [];
  for (let kind = Object.getPrototypeOf(error); kind; kind = Object.getPrototypeOf(kind)) {
    kinds.push(kind.constructor.name);
  }
  return kinds.includes('VisibleError');
}

const fail = (error: unknown): void => {
  if (error instanceof Error) {
    const clear = isClear(error);
    answer({ ok: false, error: clear ? error.message : (error.stack ?? error.message), clear });
  } else {
    answer({ ok: false, error: String(error), clear: false });
  }
};

// Nobody waits for the answer any more, as when a test's worker was ended in the middle.
process.once('disconnect', () => process.exit(1));
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
process.once('message', (request: EvaluationRequest) => {
  evaluate(request).then(answer, fail);
});
