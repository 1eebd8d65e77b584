import { isDeepStrictEqual } from 'node:util';
import type { TemporaryCredentials } from '../../aws/engine.ts';
import type { FunctionRunner } from '../runner.ts';
import type { JsonCall } from '../signed-call.ts';
import { type EventSourceMapping, sourceKind } from './mapping.ts';
import type { MappingStore } from './mapping-store.ts';
import type { Poller, PollerContext, PollerTiming } from './poller.ts';
import { startQueuePoller } from './queue-poller.ts';
import { startStreamPoller } from './stream-poller.ts';

export interface Pollers {
  /** Begins to read the sources. */
  begin(): void;
  /** Brings the running pollers in line with the mappings as they are now. */
  refresh(): Promise<void>;
  wake(eventSourceArn: string): void;
  stop(): Promise<void>;
}

/** Runs a poller for each enabled mapping. */
export function createPollers(options: {
  readonly store: MappingStore;
  readonly runner: FunctionRunner;
  readonly call: JsonCall;
  readonly credentials: (spec: { name: string; roleArn: string }) => Promise<TemporaryCredentials>;
  readonly endpoint: () => string;
  readonly region: string;
  readonly now: () => number;
  readonly timing: PollerTiming;
}): Pollers {
  const { store, runner, call, endpoint, region, now, timing } = options;
  const running = new Map<string, { mapping: EventSourceMapping; poller: Poller }>();
  let begun = false;
  let stopped = false;
  let refreshing = Promise.resolve();

  function start(mapping: EventSourceMapping): void {
    const context: PollerContext = {
      mapping,
      store,
      call,
      endpoint,
      region,
      now,
      timing,
      functionArn: runner.find(mapping.functionName).arn,
      credentials: async () => options.credentials(runner.find(mapping.functionName)),
      invoke: async (event) => runner.run(runner.find(mapping.functionName), JSON.stringify(event)),
    };
    const begin = sourceKind(mapping.eventSourceArn) === 'queue' ? startQueuePoller : startStreamPoller;
    running.set(mapping.uuid, { mapping, poller: begin(context) });
  }

  function mayRun(mapping: EventSourceMapping): boolean {
    if (!mapping.settings.Enabled) return false;
    if (runner.list().some((spec) => spec.name === mapping.functionName)) return true;
    store.setResult(mapping.uuid, 'PROBLEM: The function does not exist.');
    return false;
  }

  async function refreshNow(): Promise<void> {
    if (!begun || stopped) return;
    const wanted = new Map(
      store
        .list()
        .filter(mayRun)
        .map((mapping) => [mapping.uuid, mapping]),
    );
    const same = (mapping: EventSourceMapping): boolean => {
      const now = wanted.get(mapping.uuid);
      return now?.functionName === mapping.functionName && isDeepStrictEqual(now.settings, mapping.settings);
    };
    const obsolete = [...running].filter(([, { mapping }]) => !same(mapping));
    await Promise.all(
      obsolete.map(async ([uuid, { poller }]) => {
        await poller.stop();
        running.delete(uuid);
      }),
    );
    for (const [uuid, mapping] of wanted) if (!running.has(uuid)) start(mapping);
  }

  function refresh(): Promise<void> {
    refreshing = refreshing.then(refreshNow);
    return refreshing;
  }

  return {
    begin() {
      begun = true;
      void refresh();
    },
    refresh,
    wake(eventSourceArn) {
      for (const { mapping, poller } of running.values()) {
        if (mapping.eventSourceArn === eventSourceArn) poller.wake();
      }
    },
    async stop() {
      stopped = true;
      await refreshing;
      await Promise.all([...running.values()].map(({ poller }) => poller.stop()));
      running.clear();
    },
  };
}
