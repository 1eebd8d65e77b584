import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ContainerProcess, type ContainerRuntime, eachLine, type LogStream } from './container.ts';

const supervisor = fileURLToPath(new URL('./supervise.mjs', import.meta.url));
/** Of this process's own environment, only what finding and running a command takes: never its credentials. */
const inherited = ['PATH', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG'];

function ownEnvironment(): Readonly<Record<string, string>> {
  const found = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** Containers are processes of this machine, each in a process group of its own, with nothing but the given environment. */
export const processRuntime: ContainerRuntime = {
  start({ image, environment, tokenFile, onLog }) {
    const token = tokenFile === undefined ? {} : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile };
    return startProcess(image.command, { ...ownEnvironment(), ...image.env, ...environment, ...token }, onLog);
  },
  async close() {
    // Each process ends with its pod.
  },
};

function startProcess(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLog: (stream: LogStream, line: string) => void,
): ContainerProcess {
  const child = spawn(process.execPath, [supervisor, ...command], {
    env: { ...environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // The pipe breaks when the child ends first.
  child.stdin.on('error', () => undefined);
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = eachLine((line) => onLog(stream, line));
    child[stream].on('data', lines.push).on('end', lines.end);
  }

  const killGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      onLog('stderr', error.message);
      resolve(127);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      // What it started and left behind goes with it.
      killGroup();
      resolve(code ?? 137);
    });
  });
  return {
    ended,
    stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null || timer) return;
      child.kill('SIGTERM');
      timer = setTimeout(killGroup, graceMs);
    },
  };
}
