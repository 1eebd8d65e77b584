import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Description } from './description.ts';

const run = promisify(execFile);
const module = 'github.com/stripe/stripe-mock';
const version = 'v0.203.0';
const cacheDir = fileURLToPath(new URL('../../../node_modules/.cache/tenantry/conformance', import.meta.url));
const buildMsMax = 10 * 60_000;
const startMsMax = 30_000;

export interface Mock {
  readonly program: string;
  /** Stripe's own description of its API, which the program checks requests against. */
  readonly description: Description;
}

/**
 * Builds `stripe-mock` with Go.
 * @returns the program and its description, or why there is none
 */
export async function buildMock(): Promise<Mock | { readonly missing: string }> {
  try {
    await run('go', ['version']);
  } catch {
    return { missing: 'Go is not on the PATH, which builds stripe-mock' };
  }
  mkdirSync(cacheDir, { recursive: true });
  try {
    const env = { ...process.env, GOBIN: cacheDir };
    await run('go', ['install', `${module}@${version}`], { env, timeout: buildMsMax, maxBuffer: 1 << 24 });
    const { stdout } = await run('go', ['env', 'GOMODCACHE']);
    const file = join(stdout.trim(), `${module}@${version}`, 'embedded/openapi/spec3.json');
    const description: Description = JSON.parse(readFileSync(file, 'utf8'));
    return { program: join(cacheDir, 'stripe-mock'), description };
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : error;
    return { missing: `stripe-mock could not be built: ${said}` };
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/** @returns its address, and how to stop it */
export async function startMock({ program }: Mock): Promise<{ readonly url: string; stop(): void }> {
  const port = await freePort();
  const child: ChildProcess = spawn(program, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startMsMax;
  for (;;) {
    try {
      await fetch(url);
      return { url, stop: () => void child.kill() };
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) {
        child.kill();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
