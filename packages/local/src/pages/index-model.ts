import type { LogLine } from '../logs/log-line.ts';
import type { LogQuery } from '../logs/log-store.ts';

/** All times are epoch milliseconds. */

export interface IndexLink {
  readonly title: string;
  readonly url: string;
  /** What it is for, in a few words. */
  readonly note: string;
}

export interface TableSummary {
  readonly name: string;
  readonly itemCount: number;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionSummary {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface ExecutionDetail extends ExecutionSummary {
  /** JSON texts. */
  readonly input: string;
  readonly output?: string | undefined;
  /** In the order in which the states were entered. */
  readonly timeline: readonly {
    readonly state: string;
    /** `Task`, `Wait`, … */
    readonly type: string;
    readonly startedAt: number;
    readonly endedAt?: number | undefined;
    readonly outcome: 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted';
    readonly attempts: number;
    /** The last error, also of a state that recovered. */
    readonly error?: string | undefined;
    /** In which iterations of which Maps it was, the outermost first. */
    readonly iterations: readonly { readonly map: string; readonly index: number }[];
  }[];
}

export interface FunctionSummary {
  readonly name: string;
  readonly roleArn: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** The newest first. */
  readonly invocations: readonly {
    readonly requestId: string;
    readonly startedAt: number;
    readonly durationMs: number;
    readonly initMs?: number | undefined;
    readonly error?: string | undefined;
  }[];
}

export interface ScheduleSummary {
  readonly name: string;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)` */
  readonly expression: string;
  readonly target: string;
  readonly enabled: boolean;
  readonly nextRunAt?: number | undefined;
  readonly lastRunAt?: number | undefined;
  readonly lastError?: string | undefined;
}

export interface CallSummary {
  readonly time: number;
  readonly requestId: string;
  /** The caller's ARN, or what is known of a caller whose signature did not hold. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly allowed: boolean;
  /** What the call needed. */
  readonly requires: readonly { readonly action: string; readonly resource: string }[];
  /** Why it was denied. */
  readonly reason?: string | undefined;
  readonly durationMs: number;
}

export interface NamespaceSummary {
  readonly name: string;
  readonly tenantId?: string | undefined;
  readonly pods: readonly {
    readonly name: string;
    readonly phase: string;
    readonly ready: boolean;
    readonly restarts: number;
    readonly startedAt?: number | undefined;
  }[];
}

/** What the index page shows, filled by whoever starts the local cloud. */
export interface IndexModel {
  links(): Promise<readonly IndexLink[]>;
  tables(): Promise<readonly TableSummary[]>;
  /** Plain objects, or undefined for an unknown table. */
  items(table: string, limit: number): Promise<readonly Readonly<Record<string, unknown>>[] | undefined>;
  /** The newest first. */
  executions(limit: number): Promise<readonly ExecutionSummary[]>;
  execution(arn: string): Promise<ExecutionDetail | undefined>;
  functions(): Promise<readonly FunctionSummary[]>;
  logs(query: LogQuery): Promise<readonly LogLine[]>;
  /** @returns what stops it. */
  tailLogs(listener: (line: LogLine) => void): () => void;
  schedules(): Promise<readonly ScheduleSummary[]>;
  /** @throws {Error} whose message says why it could not run. */
  runSchedule(name: string): Promise<void>;
  /** The newest first. */
  calls(query: { readonly denied: boolean; readonly limit: number }): Promise<readonly CallSummary[]>;
  kubernetes?(): Promise<readonly NamespaceSummary[]>;
}
