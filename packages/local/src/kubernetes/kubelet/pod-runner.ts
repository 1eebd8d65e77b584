import { setTimeout as wait } from 'node:timers/promises';
import type { ContainerProcess, LogStream } from './container.ts';
import { ContainerConfigError } from './environment.ts';
import { freePort } from './free-port.ts';
import type { PodView } from './pod-view.ts';
import { type Probing, startProbing } from './probe.ts';

/** How the container of a pod is doing. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly kind: 'running'; readonly port: number; readonly started: boolean; readonly ready: boolean }
  /** It is not started again. */
  | { readonly kind: 'terminated'; readonly exitCode: number };

export interface Report {
  readonly state: ContainerState;
  readonly restartCount: number;
  readonly lastExitCode: number | undefined;
}

export interface PodRunnerOptions {
  readonly pod: PodView;
  /** Starts the container, to listen on a port. @throws {ContainerConfigError} when something is missing */
  readonly start: (port: number) => ContainerProcess;
  readonly onReport: (report: Report) => void;
  readonly onLog: (stream: LogStream, line: string) => void;
  readonly backoffMs: { readonly first: number; readonly most: number };
}

export interface PodRunner {
  /** Where the container listens while it is ready. */
  readonly readyPort: number | undefined;
  /** Ends the container, to start it over at once. */
  restart(): void;
  /** Ends the container, which is not ready from now on, after it was left alone for `drainMs`; settles when it is gone. */
  stop(times: { readonly drainMs: number; readonly graceMs: number }): Promise<void>;
}

/** A container that ran this long starts over without a delay. */
const healthyMs = 60_000;
/** Something that a container needs may be on its way. */
const configRetryMs = 250;

/** Whether a container that ended so is left as it is. */
const isOver = ({ restartPolicy }: PodView, exitCode: number): boolean =>
  restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0);

/** Keeps one pod's container running until it is stopped, or has done its work: starts, probes, restarts with growing delays. */
export function runPod(options: PodRunnerOptions): PodRunner {
  const { pod } = options;
  let restartCount = pod.restartCount;
  let lastExitCode: number | undefined;
  let delayMs = options.backoffMs.first;
  let readyPort: number | undefined;
  let stopping = false;
  let running: { process: ContainerProcess; probing: Probing } | undefined;
  let wake: (() => void) | undefined;

  const report = (state: ContainerState): void => {
    readyPort = state.kind === 'running' && state.ready ? state.port : undefined;
    if (!stopping) options.onReport({ state, restartCount, lastExitCode });
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function runOnce(): Promise<void> {
    const port = await freePort();
    if (stopping) return;
    const process = options.start(port);
    let started = false;
    const state = (ready: boolean): ContainerState => ({ kind: 'running', port, started, ready });
    report(state(false));
    const { startupProbe: startup, readinessProbe: readiness, livenessProbe: liveness } = pod.container;
    const probing = startProbing(
      port,
      { startup, readiness, liveness },
      {
        onStarted: () => {
          started = true;
        },
        onReady: (ready) => report(state(ready)),
        onUnhealthy: (reason) => {
          options.onLog('stderr', reason);
          process.stop(pod.graceSeconds * 1000);
        },
      },
    );
    running = { process, probing };
    lastExitCode = await process.ended;
    probing.stop();
    running = undefined;
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      const startedAt = performance.now();
      try {
        await runOnce();
      } catch (error) {
        const reason = error instanceof ContainerConfigError ? error.reason : 'CreateContainerError';
        report({ kind: 'waiting', reason, message: error instanceof Error ? error.message : String(error) });
        if (!stopping) await pause(configRetryMs);
        continue;
      }
      if (stopping) break;
      if (lastExitCode !== undefined && isOver(pod, lastExitCode)) {
        report({ kind: 'terminated', exitCode: lastExitCode });
        break;
      }
      restartCount += 1;
      if (performance.now() - startedAt > healthyMs) delayMs = options.backoffMs.first;
      report({ kind: 'waiting', reason: 'CrashLoopBackOff', message: `exit code ${lastExitCode}` });
      await pause(delayMs);
      delayMs = Math.min(Math.max(delayMs * 2, options.backoffMs.first), options.backoffMs.most);
    }
  }

  const finished = loop();
  return {
    get readyPort() {
      return readyPort;
    },
    restart() {
      running?.process.stop(0);
      delayMs = 0;
      wake?.();
    },
    async stop({ drainMs, graceMs }) {
      stopping = true;
      readyPort = undefined;
      running?.probing.stop();
      if (running && drainMs > 0) await wait(drainMs);
      running?.process.stop(graceMs);
      wake?.();
      await finished;
    },
  };
}
