import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, visit } from './testing/cluster-harness.ts';
import { siloHost } from './testing/manifests.ts';

const script = fileURLToPath(new URL('./testing/cluster-process.ts', import.meta.url));

interface Running {
  readonly ingressPort: number;
  readonly caData: string;
  readonly pod: { readonly name: string; readonly restartCount: number };
}

let dir = '';
const started: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'restart-'));
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

async function start(mode: 'apply' | 'resume'): Promise<{ child: ChildProcess; running: Running }> {
  const child = spawn(process.execPath, [script, dir, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, running: JSON.parse(line) };
  throw new Error('The cluster did not start.');
}

const podPid = async (port: number): Promise<number> =>
  JSON.parse((await visit(port, siloHost, '/environment')).body).pid;

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a cluster that was killed takes its pods with it, and has them again at the same address when it comes back', async () => {
  const first = await start('apply');
  const pid = await podPid(first.running.ingressPort);
  expect(isRunning(pid)).toBe(true);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await eventually(async () => !isRunning(pid));

  const second = await start('resume');
  expect(second.running).toMatchObject({ ingressPort: first.running.ingressPort, caData: first.running.caData });
  expect(second.running.pod).toMatchObject({ name: first.running.pod.name, restartCount: 1 });
  expect(await podPid(second.running.ingressPort)).not.toBe(pid);
}, 30_000);
