import { AsyncLocalStorage } from 'node:async_hooks';

type Level = 'debug' | 'info' | 'warn' | 'error';
const order: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** What every line of one invocation carries. */
interface LogContext {
  requestId: string;
  tenantId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

export const withLogContext = <T>(context: LogContext, work: () => T): T => storage.run(context, work);

/** The request that is being answered; undefined outside of one. */
export const currentRequestId = (): string | undefined => storage.getStore()?.requestId;

/** Names the tenant in all further lines of this invocation. */
export function logTenant(tenantId: string): void {
  const context = storage.getStore();
  if (context) context.tenantId = tenantId;
}

function write(level: Level, message: string, details: Readonly<Record<string, unknown>>): void {
  if (order[level] < order[(process.env.LOG_LEVEL as Level | undefined) ?? 'info']) return;
  const line = { time: new Date().toISOString(), level, message, ...storage.getStore(), ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** One JSON object a line. Callers pass what is safe to keep: no keys, tokens, bodies or mail addresses. */
export const log = {
  debug: (message: string, details: Readonly<Record<string, unknown>> = {}) => write('debug', message, details),
  info: (message: string, details: Readonly<Record<string, unknown>> = {}) => write('info', message, details),
  warn: (message: string, details: Readonly<Record<string, unknown>> = {}) => write('warn', message, details),
  error: (message: string, error: unknown, details: Readonly<Record<string, unknown>> = {}) =>
    write('error', message, { ...details, ...describe(error) }),
};

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  return {
    error: error.name,
    reason: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}
