import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ContainerProcess, type ContainerRequest, type ContainerRuntime, eachLine } from './container.ts';
import { ownerLabel, playManifest } from './podman-manifest.ts';

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The exit code of podman itself when it could not do what it was asked. */
const podmanFailed = 125;
/** Of what podman says, this much is kept. */
const answerMax = 64 * 1024;

function podman(args: readonly string[], input?: string): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn('podman', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        said[stream] = `${said[stream]}${chunk}`.slice(0, answerMax);
      });
    }
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => resolve({ code: podmanFailed, stdout: '', stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? podmanFailed, ...said }));
    child.stdin.end(input);
  });
}

/** Passes a container's output on until it ends; settles when the last line was passed on. */
function followLogs(containerName: string, onLog: ContainerRequest['onLog']): Promise<void> {
  const child: ChildProcess = spawn('podman', ['logs', '--follow', containerName], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = eachLine((line) => onLog(stream, line));
    child[stream]?.on('data', lines.push).on('end', lines.end);
  }
  return new Promise((resolve) => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
}

/** The folders of one pod, empty, for any user, below a folder that only its owner enters. */
function makeVolumes(dir: string, names: readonly string[]): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of names) {
    mkdirSync(join(dir, name));
    // Not at its making, where the mask of this process would take rights away.
    chmodSync(join(dir, name), 0o777);
  }
}

/** The value of the label that a local cloud's containers carry. */
export const podmanOwner = (dir: string): string => createHash('sha256').update(dir).digest('hex').slice(0, 16);

/**
 * Containers are podman's, one pod for each of the cluster's, started by `podman kube play`.
 * @param dir of the local cloud; tells its containers from those of others on this machine, and holds their volumes
 * @throws {Error} when there is no podman, or it does not work
 */
export async function podmanRuntime(dir: string): Promise<ContainerRuntime> {
  const owner = podmanOwner(dir);

  /** Containers outlive the process that started them. */
  async function sweep(): Promise<void> {
    const left = await podman(['pod', 'ls', '--quiet', '--filter', `label=${ownerLabel}=${owner}`]);
    if (left.code !== 0) throw new Error(`podman does not work here: ${left.stderr.trim()}`);
    const ids = left.stdout.split('\n').filter(Boolean);
    if (ids.length > 0) await podman(['pod', 'rm', '--force', '--time', '0', ...ids]);
  }

  function start(request: ContainerRequest): ContainerProcess {
    const { onLog } = request;
    const volumesDir = join(dir, 'volumes', request.pod.metadata.uid);
    const { name, containerName, manifest, folders } = playManifest(request, owner, volumesDir);
    let graceMs: number | undefined;
    const stopPod = (ms: number) => podman(['pod', 'stop', '--time', String(Math.ceil(ms / 1000)), name]);
    let playing = true;

    async function remove(): Promise<void> {
      await podman(['pod', 'rm', '--force', '--time', '0', name]);
      rmSync(volumesDir, { recursive: true, force: true });
    }

    async function run(): Promise<number> {
      makeVolumes(volumesDir, folders);
      const played = await podman(['kube', 'play', '--replace', '-'], JSON.stringify(manifest));
      playing = false;
      if (played.code !== 0) {
        for (const line of `${played.stdout}\n${played.stderr}`.split('\n').filter(Boolean)) onLog('stderr', line);
        await remove();
        return podmanFailed;
      }
      const logged = followLogs(containerName, onLog);
      if (graceMs !== undefined) void stopPod(graceMs);
      const waited = await podman(['wait', containerName]);
      await logged;
      await remove();
      return waited.code === 0 ? Number(waited.stdout.trim()) : podmanFailed;
    }

    return {
      ended: run(),
      stop(ms) {
        if (graceMs !== undefined) return;
        graceMs = ms;
        if (!playing) void stopPod(ms);
      },
    };
  }

  await sweep();
  return { start, close: sweep };
}
