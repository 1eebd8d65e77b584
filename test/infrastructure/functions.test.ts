import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type BundledFunction, bundleFunctions, gzippedBytes } from '@tenantry/local/program/bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphOf, root } from './graphs.ts';

const GZIPPED_BYTES_MAX = 300 * 1024;
/** Nobody waits for its start, and it talks to every service. */
const larger: Readonly<Record<string, number>> = { 'packages/functions/src/jobs/reconcile.handler': 500 * 1024 };
/** What Lambda itself sets; the SDK reads it. */
const lambdaEnvironment = { AWS_REGION: 'us-east-1' };

let outDir = '';
let bundles: readonly BundledFunction[] = [];

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'functions-'));
  // The functions are the same on every stage; their environments are not.
  bundles = await bundleFunctions(graphOf('local'), outDir, root);
}, 240_000);

afterAll(() => rm(outDir, { recursive: true, force: true }));

/** Loads a module as Lambda does when it starts a function, and gives what went wrong. */
function startupError(file: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const worker = new Worker(`await import(${JSON.stringify(pathToFileURL(file).href)});`, {
      eval: true,
      env: { ...env },
    });
    worker.on('error', (error) => resolve(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => resolve(''));
  });
}

describe.each(['local', 'alice'] as const)('the functions of %s', (stage) => {
  it('start with the environment that they are deployed with', { timeout: 60_000 }, async () => {
    const failures: string[] = [];
    for (const { handler, environment } of graphOf(stage).functions) {
      const bundle = bundles.find((candidate) => candidate.handler === handler);
      const error = await startupError(bundle?.file ?? '', { ...lambdaEnvironment, ...environment });
      if (error) failures.push(`${handler}: ${error}`);
    }
    expect(failures).toEqual([]);
  });
});

describe('every function', () => {
  it('is small enough to start fast: 300 KB minified and gzipped', async () => {
    for (const bundle of bundles) {
      const max = larger[bundle.handler] ?? GZIPPED_BYTES_MAX;
      expect(await gzippedBytes(bundle), bundle.handler).toBeLessThan(max);
    }
  });
});
