import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type LogStream = 'stdout' | 'stderr';

export interface ContainerProcess {
  /** Its exit code; 128 and the signal's number when a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to end and, after the grace period, ends it with everything it started. */
  stop(graceMs: number): void;
}

const supervisor = fileURLToPath(new URL('./supervise.mjs', import.meta.url));
/** Longer lines are cut: a log is not a channel for bulk data. */
const lineMax = 16_384;

function eachLine(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, lineMax);
      for (const line of lines) onLine(line.slice(0, lineMax));
    },
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/** Starts a command in a process group of its own, with nothing but the given environment. */
export function startContainer(options: {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (stream: LogStream, line: string) => void;
}): ContainerProcess {
  const child = spawn(process.execPath, [supervisor, ...options.command], {
    env: { ...options.environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // The pipe breaks when the child ends first.
  child.stdin.on('error', () => undefined);
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = eachLine((line) => options.onLog(stream, line));
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
      options.onLog('stderr', error.message);
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
