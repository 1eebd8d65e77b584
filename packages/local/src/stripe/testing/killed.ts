/** A local Stripe in a process of its own, which a test can kill. */

import { spawn } from 'node:child_process';
import { secretKey, webhookSecret } from './instance.ts';

const server = new URL('../server.ts', import.meta.url).href;

/** @returns its address, and how to kill it at once */
export async function startProcess(dir: string): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const program = `import { createLocalStripe } from '${server}';
process.stdout.write(await createLocalStripe(${JSON.stringify({ dir, secretKey, webhookSecret })}).listen(0));`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
