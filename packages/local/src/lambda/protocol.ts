/** The messages between the engine and the worker thread that stands for one execution environment. */

/** What the worker is started with. */
export interface EnvironmentData {
  /** `file:` URL of the bundle. */
  readonly bundleUrl: string;
  readonly handler: string;
}

export interface InvokeMessage {
  readonly kind: 'invoke';
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  /** Epoch milliseconds by the machine's clock. */
  readonly deadlineMs: number;
  readonly traceId: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** The environment dies once it has got the answer to as many HTTP requests; 0 is before the handler runs. */
  readonly dieAfterCalls?: number;
}

/** An error in Lambda's shape, which is also the payload that the caller gets. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'initFailed'; readonly error: FunctionError }
  | { readonly kind: 'succeeded'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError }
  | { readonly kind: 'crashed'; readonly error: FunctionError }
  | { readonly kind: 'log'; readonly requestId: string; readonly level: LogLevel; readonly text: string };

/** As a shell reports a process that was ended by SIGKILL. */
export const KILLED_EXIT_CODE = 137;

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
