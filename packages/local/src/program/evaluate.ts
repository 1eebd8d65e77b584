import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedGraph, keepGraph } from './cache.ts';
import { compileProgram } from './compile.ts';
import { functionsOf } from './functions.ts';
import type { ResourceGraph } from './graph.ts';
import { findPlatform } from './platform.ts';
import type { EvaluationAnswer, EvaluationRequest } from './request.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const EVALUATION_MS_MAX = 120_000;

export interface EvaluateOptions {
  /** The project's root, where `sst.config.ts` lies. */
  readonly root: string;
  readonly stage: string;
  /** Values of the program's secrets by their names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment variables that the program reads, over this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keeps the result here, for as long as nothing that went into it changes; such as `.local/program`. */
  readonly cacheDir?: string;
  /** `false` accepts handlers that do not exist; default `true`. */
  readonly requireHandlers?: boolean;
}

/**
 * Evaluates `sst.config.ts` for a stage without a cloud account and gives every resource that it declares.
 * @throws {Error} with the program's own message when it fails, when a secret or a handler is missing.
 */
export async function evaluateProgram(options: EvaluateOptions): Promise<ResourceGraph> {
  const { root, stage, secrets, env = {}, cacheDir, requireHandlers = true } = options;
  const platform = findPlatform(root);
  const circumstances = { root, stage, secrets, env, requireHandlers, sst: platform.version };
  const cached = cacheDir && (await cachedGraph(cacheDir, circumstances));
  if (cached) return cached;

  const outfile = join(platform.folder, `program.${stage}.${process.pid}.${Date.now()}.mjs`);
  const scratch = await mkdtemp(join(tmpdir(), 'program-'));
  try {
    const { sources } = await compileProgram({ root, platform, outfile });
    const secretVariables = Object.entries(secrets).map(([name, value]) => [`SST_SECRET_${name}`, value]);
    const answer = await runChild(
      { root, stage, program: outfile, platform: platform.folder, scratch, requireHandlers },
      { ...process.env, ...env, ...Object.fromEntries(secretVariables) },
    );
    if (!answer.ok) throw new Error(`sst.config.ts cannot be evaluated for the stage "${stage}": ${answer.error}`);
    const { resources, handlers, outputs } = answer;
    const graph = { stage, resources, functions: functionsOf({ root, resources, handlers }), outputs };
    if (cacheDir) {
      await mkdir(cacheDir, { recursive: true });
      await keepGraph(cacheDir, circumstances, sources, graph);
    }
    return graph;
  } finally {
    await Promise.all([rm(outfile, { force: true }), rm(scratch, { recursive: true, force: true })]);
  }
}

function runChild(request: EvaluationRequest, env: NodeJS.ProcessEnv): Promise<EvaluationAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { env, execArgv: ['--enable-source-maps'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const output: string[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), EVALUATION_MS_MAX);
    let answer: EvaluationAnswer | undefined;
    child.stdout?.on('data', (chunk) => output.push(String(chunk)));
    child.stderr?.on('data', (chunk) => output.push(String(chunk)));
    child.on('message', (message: EvaluationAnswer) => {
      answer = message;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!answer) return reject(new Error(`The evaluation ended with ${signal ?? code}.\n${output.join('')}`));
      resolve(answer.ok ? answer : { ok: false, error: `${answer.error}\n${output.join('')}`.trim() });
    });
    child.send(request);
  });
}
