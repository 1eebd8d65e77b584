import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { LogSink } from '../logs/log-line.ts';
import type { LoadedFunction } from './function-spec.ts';
import { exited, type Outcome, outOfMemory, responseTooLarge, SYNC_PAYLOAD_MAX_BYTES, timedOut } from './outcome.ts';
import type { EnvironmentData, FunctionError, InvokeMessage, WorkerMessage } from './protocol.ts';

const INIT_TIMEOUT_MS = 10_000;
const LOG_TAIL_BYTES = 4096;

export interface Invocation {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  /** Makes the environment die once it has got the answer to as many HTTP requests. */
  readonly dieAfterCalls?: number;
}

/** What an environment needs to start; found out while it counts against the limits already. */
export interface EnvironmentStart {
  readonly env: Record<string, string>;
  /** Epoch milliseconds after which no invocation may begin, since the credentials would run out in it. */
  readonly usableUntil: number;
}

/**
 * One execution environment: a worker thread with the function's bundle loaded, its own variables and its own
 * credentials. It runs one invocation at a time and is thrown away after a timeout or a crash. Threads keep functions
 * apart by what they are given, not against hostile code: all of it is the founder's own.
 */
export class Environment {
  readonly spec: LoadedFunction;
  usableUntil = Number.POSITIVE_INFINITY;
  dead = false;
  #worker: Worker | undefined;
  readonly #log: LogSink;
  readonly #ready: Promise<FunctionError | undefined>;
  #initMs: number | undefined;
  #settle: ((end: { payload: string } | { error: FunctionError }) => void) | undefined;
  #requestId = '';
  #tail: string[] = [];

  constructor(spec: LoadedFunction, start: () => Promise<EnvironmentStart>, log: LogSink) {
    this.spec = spec;
    this.#log = log;
    this.#ready = this.#start(start);
    // The failure is reported by the invocation that waits for it.
    this.#ready.catch(() => {});
  }

  /** @throws {AwsError} when the function's role cannot be assumed. */
  async invoke(invocation: Invocation): Promise<Outcome> {
    const { requestId } = invocation;
    this.#requestId = requestId;
    this.#tail = [];
    const initError = await this.#ready;
    const init = this.#initMs === undefined ? {} : { initMs: this.#initMs };
    this.#initMs = undefined;
    if (initError !== undefined) return this.#outcome({ error: initError }, 0, init);
    const started = performance.now();
    const end = await this.#run(invocation);
    return this.#outcome(end, performance.now() - started, init);
  }

  async terminate(): Promise<void> {
    this.dead = true;
    await this.#worker?.terminate();
  }

  async #start(start: () => Promise<EnvironmentStart>): Promise<FunctionError | undefined> {
    const started = performance.now();
    try {
      const { env, usableUntil } = await start();
      this.usableUntil = usableUntil;
      const workerData: EnvironmentData = {
        bundleUrl: pathToFileURL(this.spec.bundlePath).href,
        handler: this.spec.handler,
      };
      this.#worker = new Worker(new URL('./bootstrap.ts', import.meta.url), {
        name: this.spec.name,
        workerData,
        env,
        execArgv: [],
        stdout: true,
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: this.spec.memoryMb },
      });
      const error = await this.#initialised(this.#worker);
      this.#initMs = performance.now() - started;
      return error;
    } catch (error) {
      this.dead = true;
      throw error;
    }
  }

  #initialised(worker: Worker): Promise<FunctionError | undefined> {
    // Output that bypasses the runtime's capture has nowhere to go; undrained it would stall the thread.
    worker.stdout.resume();
    worker.stderr.resume();
    return new Promise((resolve) => {
      const failed = (error: FunctionError): void => {
        clearTimeout(timer);
        void this.terminate();
        resolve(error);
        this.#settle?.({ error });
      };
      const timer = setTimeout(
        () => failed({ errorType: 'Sandbox.Timedout', errorMessage: `Init timed out after ${INIT_TIMEOUT_MS} ms` }),
        INIT_TIMEOUT_MS,
      );
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') {
          clearTimeout(timer);
          resolve(undefined);
        } else if (message.kind === 'log') this.#logLine(message.level, message.text, message.requestId);
        else if (message.kind === 'succeeded') this.#answer(message.requestId, { payload: message.payload });
        else if (message.kind === 'failed') this.#answer(message.requestId, { error: message.error });
        else failed(message.error);
      });
      worker.on('error', (error: Error & { code?: string }) => {
        const oom = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        failed(oom ? outOfMemory(this.#requestId) : { errorType: error.name, errorMessage: error.message, trace: [] });
      });
      worker.on('exit', (exitCode) => failed(exited(this.#requestId, exitCode)));
    });
  }

  #answer(requestId: string, end: { payload: string } | { error: FunctionError }): void {
    if (requestId === this.#requestId) this.#settle?.(end);
  }

  async #run(invocation: Invocation): Promise<{ payload: string } | { error: FunctionError }> {
    const { requestId, payload, dieAfterCalls } = invocation;
    const timeoutMs = this.spec.timeoutSeconds * 1000;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.#settle = resolve;
        timer = setTimeout(() => {
          const error = timedOut(requestId, this.spec.timeoutSeconds);
          this.#logLine('ERROR', error.errorMessage, requestId);
          resolve({ error });
          void this.terminate();
        }, timeoutMs);
        if (this.dead) resolve({ error: exited(requestId, 1) });
        else {
          const message: InvokeMessage = {
            kind: 'invoke',
            requestId,
            payload,
            deadlineMs: Date.now() + timeoutMs,
            traceId: `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`,
            functionName: this.spec.name,
            functionArn: this.spec.arn,
            memoryMb: this.spec.memoryMb,
            ...(dieAfterCalls === undefined ? {} : { dieAfterCalls }),
          };
          this.#worker?.postMessage(message);
        }
      });
    } finally {
      clearTimeout(timer);
      this.#settle = undefined;
    }
  }

  #outcome(
    end: { payload: string } | { error: FunctionError },
    durationMs: number,
    init: { readonly initMs?: number },
  ): Outcome {
    const logTail = Buffer.from(this.#tail.join('\n')).subarray(-LOG_TAIL_BYTES).toString('utf8');
    const large = 'payload' in end && Buffer.byteLength(end.payload) > SYNC_PAYLOAD_MAX_BYTES;
    const error = large ? responseTooLarge() : 'error' in end ? end.error : undefined;
    if (error !== undefined) {
      return { payload: JSON.stringify(error), functionError: 'Unhandled', logTail, durationMs, ...init };
    }
    return { payload: 'payload' in end ? end.payload : 'null', logTail, durationMs, ...init };
  }

  #logLine(level: string, text: string, requestId: string): void {
    this.#tail.push(text);
    if (this.#tail.length > 200) this.#tail.shift();
    // Lines of the initialisation belong to the invocation that caused it.
    this.#log({ function: this.spec.name, requestId: requestId === '' ? this.#requestId : requestId, level, text });
  }
}
