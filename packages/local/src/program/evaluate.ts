import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedGraph, keepGraph } from './cache.ts';
import { compileProgram } from './compile.ts';
import { functionsOf } from './functions.ts';
import type { ResourceGraph } from './graph.ts';
import { findPlatform, type SstPlatform } from './platform.ts';
import type { EvaluationAnswer, EvaluationRequest } from './request.ts';

const FOLDER = import.meta.dirname;
const CHILD = join(FOLDER, 'child.ts');
const EVALUATION_MS_MAX = 120_000;

export interface EvaluateOptions {
  /** The project's root, where `sst.config.ts` lies. */
  readonly root: string;
  readonly stage: string;
  /** Values of the program's secrets by their names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment variables for the program, such as `SITE_PORT`; it sees no others. */
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

  const evaluation = { options, platform, requireHandlers };
  const { sources, answer } = await compileAndRun({ ...evaluation, sourceMaps: false });
  if (!answer.ok) {
    const explained = answer.clear ? { answer } : await compileAndRun({ ...evaluation, sourceMaps: true });
    const error = explained.answer.ok ? answer.error : explained.answer.error;
    throw new Error(`sst.config.ts cannot be evaluated for the stage "${stage}": ${error}`);
  }
  const { resources, handlers, outputs } = answer;
  const graph = { stage, resources, functions: functionsOf({ root, resources, handlers }), outputs };
  if (cacheDir) await keepGraph(cacheDir, circumstances, [...sources, ...ownSources()], graph);
  return graph;
}

/** All that the program sees of this process's environment, so that the same options give the same graph. */
const surroundings = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
};

/** The evaluator's own files: what it makes of a program changes with them. */
const ownSources = (): readonly string[] => readdirSync(FOLDER).map((file) => join(FOLDER, file));

async function compileAndRun({
  options,
  platform,
  requireHandlers,
  sourceMaps,
}: {
  readonly options: EvaluateOptions;
  readonly platform: SstPlatform;
  readonly requireHandlers: boolean;
  readonly sourceMaps: boolean;
}): Promise<{ readonly sources: readonly string[]; readonly answer: EvaluationAnswer }> {
  const { root, stage, secrets, env } = options;
  const outfile = join(platform.folder, `program.${stage}.${randomUUID()}.mjs`);
  const scratch = await mkdtemp(join(tmpdir(), 'program-'));
  try {
    const { sources } = await compileProgram({ root, platform, outfile, sourceMaps });
    const secretVariables = Object.entries(secrets).map(([name, value]) => [`SST_SECRET_${name}`, value]);
    const answer = await runChild(
      { root, stage, program: outfile, platform: platform.folder, scratch, requireHandlers },
      { ...surroundings(), ...env, ...Object.fromEntries(secretVariables) },
      sourceMaps ? ['--enable-source-maps'] : [],
    );
    return { sources, answer };
  } finally {
    await Promise.all([rm(outfile, { force: true }), rm(scratch, { recursive: true, force: true })]);
  }
}

function runChild(request: EvaluationRequest, env: NodeJS.ProcessEnv, execArgv: string[]): Promise<EvaluationAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { env, execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
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
      resolve(answer.ok || answer.clear ? answer : { ...answer, error: `${answer.error}\n${output.join('')}`.trim() });
    });
    child.send(request);
  });
}
