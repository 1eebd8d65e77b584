import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AssumeRoleForService, Engine } from '../aws/engine.ts';
import { AwsError } from '../aws/engine.ts';
import type { LogStore } from '../logs/log-store.ts';
import { createAsyncInvocations } from './async-invocations.ts';
import { type CreateMapping, createMappingSchema, settingsFor, sourceKind } from './event-source/mapping.ts';
import { prepareMappingOperation } from './event-source/mapping-operations.ts';
import { createMappingStore } from './event-source/mapping-store.ts';
import { defaultPollerTiming, type PollerTiming } from './event-source/poller.ts';
import { createPollers } from './event-source/pollers.ts';
import type { Fault, InjectedFault } from './faults.ts';
import { prepareFunctionOperation } from './function-operations.ts';
import type { FunctionSpec } from './function-spec.ts';
import { ASYNC_PAYLOAD_MAX_BYTES, boundedPayload, SYNC_PAYLOAD_MAX_BYTES } from './outcome.ts';
import { defaultPoolLimits, type PoolLimits } from './pool.ts';
import { createRoleCredentials } from './role-credentials.ts';
import { createRunner, type InvocationRecord } from './runner.ts';
import { createJsonCall } from './signed-call.ts';

export interface InvokeResult {
  /** The function's answer, parsed; its error document when `functionError` is there. */
  readonly payload: unknown;
  readonly functionError?: 'Unhandled';
  readonly requestId: string;
}

/** Lambda, with what the rest of the local cloud needs of it beyond the wire. */
export interface LambdaEngine extends Engine {
  /**
   * Begins to run queued events and to read event sources. Called once the endpoint answers, so that what a last run
   * left over does not fail for want of it.
   */
  start(): void;
  /** Invokes as an AWS service that the function's resource policy lets in: API Gateway, Cognito, EventBridge. */
  invoke(functionArn: string, payload: unknown): Promise<InvokeResult>;
  /** Queues an event for at least one run, as services do that do not wait. @returns its request id. */
  invokeLater(functionArn: string, payload: unknown): string;
  /** Replaces the functions without dropping what runs. Unchanged functions stay warm. */
  reload(functions: readonly FunctionSpec[]): Promise<void>;
  /** Makes the program's own mappings exactly these; mappings made by calls are left alone. */
  declareEventSourceMappings(mappings: readonly CreateMapping[]): void;
  /** Says that a source has something new, so that nobody waits for the next look. */
  wake(eventSourceArn: string): void;
  functions(): readonly FunctionSpec[];
  /** Lets invocations go wrong, for tests of what stands on them. */
  injectFault(fault: Fault): InjectedFault;
  /** Finished invocations, the newest first. */
  recentInvocations(functionName?: string): InvocationRecord[];
}

/**
 * @param options.endpoint where functions reach AWS; asked only once the first environment starts
 * @param options.asyncRetryDelaysMs waits before the second and third attempt of an asynchronous event. AWS waits one
 *   and two minutes; nobody at a desk does.
 */
export async function createLambdaEngine(options: {
  readonly dir: string;
  readonly now?: () => number;
  readonly accountId: string;
  readonly region: string;
  readonly functions: readonly FunctionSpec[];
  readonly assumeRoleForService: AssumeRoleForService;
  readonly endpoint: () => string;
  readonly logs: Pick<LogStore, 'write'>;
  readonly limits?: Partial<PoolLimits>;
  readonly timing?: Partial<PollerTiming>;
  readonly asyncRetryDelaysMs?: readonly [number, number];
}): Promise<LambdaEngine> {
  const { dir, now = Date.now, accountId, region, endpoint, logs } = options;
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'lambda.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const credentials = createRoleCredentials(options.assumeRoleForService, now);
  const limits = { ...defaultPoolLimits, ...options.limits };
  const runner = createRunner({ now, accountId, region, endpoint, credentials, log: logs.write, limits });
  await runner.load(options.functions);
  const retryDelaysMs = options.asyncRetryDelaysMs ?? [1000, 2000];
  const events = createAsyncInvocations({ db, runner, log: logs.write, now, retryDelaysMs });
  const store = createMappingStore(db, now);
  const call = createJsonCall({ region, endpoint });
  const timing = { ...defaultPollerTiming, ...options.timing };
  const pollers = createPollers({ store, runner, call, credentials, endpoint, region, now, timing });
  const changed = (): void => void pollers.refresh();

  return {
    services: ['lambda'],
    protocol: 'rest-json',
    prepare(request) {
      const operation =
        prepareFunctionOperation(request, { runner, events, accountId, region }) ??
        prepareMappingOperation(request, { store, runner, accountId, region, changed });
      if (operation !== undefined) return operation;
      throw new AwsError('UnknownOperationException', `Not supported: ${request.method} ${request.path}`, 404);
    },
    start() {
      events.start();
      pollers.begin();
    },
    async invoke(functionArn, payload) {
      const text = boundedPayload(JSON.stringify(payload), SYNC_PAYLOAD_MAX_BYTES);
      const result = await runner.run(runner.find(functionArn), text);
      const error = result.functionError === undefined ? {} : { functionError: result.functionError };
      return { payload: JSON.parse(result.payload), requestId: result.requestId, ...error };
    },
    invokeLater(functionArn, payload) {
      const text = boundedPayload(JSON.stringify(payload), ASYNC_PAYLOAD_MAX_BYTES);
      return events.enqueue(runner.find(functionArn).name, text);
    },
    async reload(functions) {
      await runner.load(functions);
      await pollers.refresh();
    },
    declareEventSourceMappings(mappings) {
      const keep = new Set<string>();
      for (const input of mappings) {
        const { FunctionName, EventSourceArn, ...asked } = createMappingSchema.parse(input);
        const functionName = runner.find(FunctionName).name;
        const settings = settingsFor(sourceKind(EventSourceArn), asked);
        const existing = store
          .list()
          .find((one) => one.functionName === functionName && one.eventSourceArn === EventSourceArn);
        const mapping =
          existing === undefined
            ? store.create({ functionName, eventSourceArn: EventSourceArn, settings, declared: true })
            : store.update(existing.uuid, { functionName, settings });
        keep.add(mapping.uuid);
      }
      for (const uuid of store.declared()) if (!keep.has(uuid)) store.remove(uuid);
      changed();
    },
    wake: (eventSourceArn) => pollers.wake(eventSourceArn),
    functions: () => runner.list(),
    injectFault: (fault) => runner.faults.inject(fault),
    recentInvocations: (functionName) => runner.recent(functionName),
    async close() {
      const drained = Promise.all([pollers.stop(), events.close()]);
      await runner.close();
      await drained;
      db.close();
    },
  };
}
