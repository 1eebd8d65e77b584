import { request } from 'node:http';
import type { ProbeSpec } from './pod-view.ts';

/** One HTTP probe, as the kubelet makes it: any status from 200 to 399 counts. */
export function probeOnce(port: number, probe: ProbeSpec): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({
      host: '127.0.0.1',
      port,
      path: probe.httpGet.path,
      agent: false,
      signal: AbortSignal.timeout(probe.timeoutSeconds * 1000),
      headers: { 'user-agent': 'kube-probe/local' },
    });
    call.on('error', () => resolve(false));
    call.on('response', ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode < 400);
      call.destroy();
    });
    call.end();
  });
}

export interface ProbeHandlers {
  readonly onStarted: () => void;
  readonly onReady: (ready: boolean) => void;
  /** The container must be restarted. */
  readonly onUnhealthy: (reason: string) => void;
}

/** While a container starts it is asked this often, rather than once in a period: starting is what people wait for. */
const eagerMs = 50;

export interface Probing {
  stop(): void;
}

/** Probes a container: until it has started, then whether it is ready and alive, until stopped. */
export function startProbing(
  port: number,
  probes: {
    readonly startup: ProbeSpec | undefined;
    readonly readiness: ProbeSpec | undefined;
    readonly liveness: ProbeSpec | undefined;
  },
  handlers: ProbeHandlers,
): Probing {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  /** Calls `step` again after as many milliseconds as it gives, until it gives none. */
  function repeat(step: () => Promise<number | undefined>, afterMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      step().then(
        (nextMs) => {
          if (!stopped && nextMs !== undefined) repeat(step, nextMs);
        },
        (error: unknown) => handlers.onUnhealthy(String(error)),
      );
    }, afterMs);
    timers.add(timer);
  }

  function watchReadiness(probe: ProbeSpec): void {
    let ready = false;
    let failures = 0;
    repeat(async () => {
      const passed = await probeOnce(port, probe);
      if (stopped) return undefined;
      failures = passed ? 0 : failures + 1;
      const next = passed || (ready && failures < probe.failureThreshold);
      if (next !== ready) handlers.onReady(next);
      ready = next;
      return ready ? probe.periodSeconds * 1000 : eagerMs;
    }, probe.initialDelaySeconds * 1000);
  }

  function watchLiveness(probe: ProbeSpec): void {
    let failures = 0;
    repeat(
      async () => {
        failures = (await probeOnce(port, probe)) ? 0 : failures + 1;
        if (stopped) return undefined;
        if (failures < probe.failureThreshold) return probe.periodSeconds * 1000;
        handlers.onUnhealthy('Liveness probe failed');
        return undefined;
      },
      (probe.initialDelaySeconds || probe.periodSeconds) * 1000,
    );
  }

  function started(): void {
    handlers.onStarted();
    if (probes.readiness) watchReadiness(probes.readiness);
    else handlers.onReady(true);
    if (probes.liveness) watchLiveness(probes.liveness);
  }

  const { startup } = probes;
  if (startup) {
    // The real kubelet counts periods; what they allow is this much time.
    const attempts = Math.ceil((startup.failureThreshold * startup.periodSeconds * 1000) / eagerMs);
    let left = attempts;
    repeat(async () => {
      const passed = await probeOnce(port, startup);
      if (stopped) return undefined;
      if (passed) {
        started();
        return undefined;
      }
      left -= 1;
      if (left > 0) return eagerMs;
      handlers.onUnhealthy('Startup probe failed');
      return undefined;
    }, startup.initialDelaySeconds * 1000);
  } else started();

  return {
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
