/**
 * The runtime inside one execution environment: imports the bundle, runs the handler once per message, and reports
 * results, errors and console lines. It runs as the entry of a worker thread and shares no code with the engine.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import {
  type EnvironmentData,
  type FunctionError,
  type InvokeMessage,
  KILLED_EXIT_CODE,
  type LogLevel,
  type WorkerMessage,
} from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('The Lambda runtime runs in a worker thread only.');
const data = workerData as EnvironmentData;
let requestId = '';

const send = (message: WorkerMessage): void => port.postMessage(message);

/** One message per line, so that a reader of the log never sees half of one. */
function log(level: LogLevel, text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) send({ kind: 'log', requestId, level, text: line });
}

const consoleLevels = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const satisfies Record<string, LogLevel>;

function captureOutput(): void {
  for (const [method, level] of Object.entries(consoleLevels)) {
    Object.assign(console, { [method]: (...values: unknown[]) => log(level, format(...values)) });
  }
  for (const [stream, level] of [
    [process.stdout, 'INFO'],
    [process.stderr, 'ERROR'],
  ] as const) {
    let partial = '';
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = partial + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const end = text.lastIndexOf('\n');
      partial = text.slice(end + 1);
      if (end >= 0) log(level, text.slice(0, end));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') callback();
      return true;
    };
    Object.assign(stream, { write });
  }
}

function describeError(error: unknown, fallbackType = 'Error'): FunctionError {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: fallbackType, errorMessage: typeof error === 'string' ? error : format('%j', error), trace: [] };
}

type Handler = (event: unknown, context: object) => unknown;

async function loadHandler(): Promise<Handler> {
  const module = (await import(data.bundleUrl)) as Record<string, unknown>;
  const handler = module[data.handler];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${data.handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  if (handler.length >= 3) {
    const message = 'Callback-based handlers are not supported from Node.js 24 on; return a promise instead.';
    throw Object.assign(new Error(message), { name: 'Runtime.CallbackHandlerDeprecated' });
  }
  return handler as Handler;
}

function initError(error: unknown): FunctionError {
  const described = describeError(error);
  if (error instanceof SyntaxError) return { ...described, errorType: 'Runtime.UserCodeSyntaxError' };
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    return { ...described, errorType: 'Runtime.ImportModuleError' };
  }
  return described;
}

function contextOf(message: InvokeMessage): object {
  return {
    // Kept because middleware sets it; without callbacks the answer never waits for the event loop.
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: message.requestId,
    functionName: message.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: String(message.memoryMb),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

/** Dies as if the process had been killed: at once, without a `catch` or `finally`. @returns how to call it off. */
function dieAfter(calls: number): () => void {
  let left = calls;
  const answered = (): void => {
    left -= 1;
    if (left <= 0) process.exit(KILLED_EXIT_CODE);
  };
  if (left === 0) answered();
  // The answer has come: what the request asked for is done, and nobody here will know.
  subscribe('http.client.response.finish', answered);
  return () => void unsubscribe('http.client.response.finish', answered);
}

async function run(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  process.env._X_AMZN_TRACE_ID = message.traceId;
  const live = message.dieAfterCalls === undefined ? () => {} : dieAfter(message.dieAfterCalls);
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    let payload: string | undefined;
    try {
      payload = JSON.stringify(result);
    } catch (error) {
      throw Object.assign(new Error(`Unable to stringify response body: ${describeError(error).errorMessage}`), {
        name: 'Runtime.MarshalError',
      });
    }
    send({ kind: 'succeeded', requestId: message.requestId, payload: payload ?? 'null' });
  } catch (error) {
    const described = describeError(error);
    log('ERROR', `Invoke Error\t${JSON.stringify(described)}`);
    send({ kind: 'failed', requestId: message.requestId, error: described });
  } finally {
    live();
  }
}

process.setSourceMapsEnabled(true);
captureOutput();
process.on('uncaughtException', (error) => {
  log('ERROR', `Uncaught Exception\t${JSON.stringify(describeError(error))}`);
  send({ kind: 'crashed', error: describeError(error) });
  process.exit(129);
});
process.on('unhandledRejection', (reason) => {
  const { errorMessage, trace = [] } = describeError(reason);
  const error = { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, trace };
  log('ERROR', `Unhandled Promise Rejection\t${JSON.stringify(error)}`);
  send({ kind: 'crashed', error });
  process.exit(128);
});

try {
  const handler = await loadHandler();
  port.on('message', (message: InvokeMessage) => void run(handler, message));
  send({ kind: 'ready' });
} catch (error) {
  const described = initError(error);
  log('ERROR', `Init Error\t${JSON.stringify(described)}`);
  send({ kind: 'initFailed', error: described });
}
