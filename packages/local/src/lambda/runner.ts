import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../aws/engine.ts';
import type { LogSink } from '../logs/log-line.ts';
import { Environment, type Invocation } from './environment.ts';
import { environmentVariables } from './environment-variables.ts';
import { createFaults, type Faults } from './faults.ts';
import type { FunctionSpec, LoadedFunction } from './function-spec.ts';
import type { Outcome } from './outcome.ts';
import { createPool, type PoolLimits } from './pool.ts';
import type { RoleCredentials } from './role-credentials.ts';

/** One finished invocation, for people to look at. */
export interface InvocationRecord {
  readonly requestId: string;
  readonly functionName: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly initMs?: number;
  readonly error?: string;
}

export interface RunResult extends Outcome {
  readonly requestId: string;
}

export interface FunctionRunner {
  /** Replaces the functions; what did not change stays warm, what runs ends first. */
  load(functions: readonly FunctionSpec[]): Promise<void>;
  /** @throws {AwsError} `ResourceNotFoundException` */
  find(nameOrArn: string): LoadedFunction;
  list(): LoadedFunction[];
  /** Runs the function once. @throws {AwsError} when it could not be run at all. */
  run(spec: LoadedFunction, payload: string, requestId?: string): Promise<RunResult>;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** The newest first. */
  recent(functionName?: string): InvocationRecord[];
  close(): Promise<void>;
}

const RECENT_MAX = 500;
/** An environment ends its life while its credentials still outlast any invocation it may be given. */
const CREDENTIAL_MARGIN_MS = 60_000;

/** Holds the declared functions and runs them in pooled environments. */
export function createRunner(options: {
  readonly now: () => number;
  readonly accountId: string;
  readonly region: string;
  readonly endpoint: () => string;
  readonly credentials: RoleCredentials;
  readonly log: LogSink;
  readonly limits: PoolLimits;
}): FunctionRunner {
  const { now, accountId, region, endpoint, credentials, log, limits } = options;
  let functions = new Map<string, LoadedFunction>();
  let recent: InvocationRecord[] = [];
  const faults = createFaults();

  const pool = createPool({
    now,
    limits,
    start: (spec) =>
      new Environment(
        spec,
        async () => {
          const vended = await credentials(spec);
          const day = new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/');
          const logStream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
          return {
            env: environmentVariables({ spec, region, endpoint: endpoint(), credentials: vended, logStream }),
            usableUntil: vended.expiration.getTime() - spec.timeoutSeconds * 1000 - CREDENTIAL_MARGIN_MS,
          };
        },
        log,
      ),
  });

  async function loadOne(spec: FunctionSpec): Promise<LoadedFunction> {
    const code = await readFile(spec.bundlePath);
    const codeSha256 = createHash('sha256').update(code).digest('base64');
    const loaded = { ...spec, codeSha256, codeSizeBytes: code.byteLength, loadedAt: now() };
    const current = functions.get(spec.name);
    const unchanged =
      current !== undefined && isDeepStrictEqual({ ...current, loadedAt: 0 }, { ...loaded, loadedAt: 0 });
    return unchanged ? current : loaded;
  }

  async function invoke(spec: LoadedFunction, invocation: Invocation): Promise<Outcome> {
    const environment = await pool.acquire(spec);
    try {
      return await environment.invoke(invocation);
    } finally {
      pool.release(environment);
    }
  }

  return {
    async load(specs) {
      const loaded = await Promise.all(specs.map(loadOne));
      functions = new Map(loaded.map((spec) => [spec.name, spec]));
      if (functions.size !== specs.length) throw new Error('Two functions have the same name.');
      pool.retireExcept((spec) => functions.get(spec.name) === spec);
    },
    find(nameOrArn) {
      const { name, qualifier } = parseFunctionName(nameOrArn, accountId, region);
      const spec = functions.get(name);
      if (spec === undefined || (qualifier !== undefined && qualifier !== '$LATEST')) {
        const arn = `${functionArn(name, accountId, region)}${qualifier === undefined ? '' : `:${qualifier}`}`;
        throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
      }
      return spec;
    },
    list: () => [...functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    async run(spec, payload, requestId = randomUUID()) {
      const startedAt = now();
      const outcome = await faults.around(spec, { requestId, payload }, (invocation) => invoke(spec, invocation));
      const error = outcome.functionError === undefined ? {} : { error: errorText(outcome.payload) };
      const init = outcome.initMs === undefined ? {} : { initMs: outcome.initMs };
      const { durationMs } = outcome;
      recent.push({ requestId, functionName: spec.name, startedAt, durationMs, ...init, ...error });
      if (recent.length > RECENT_MAX * 2) recent = recent.slice(-RECENT_MAX);
      return { ...outcome, requestId };
    },
    faults,
    recent: (functionName) =>
      recent
        .filter((record) => functionName === undefined || record.functionName === functionName)
        .slice(-RECENT_MAX)
        .reverse(),
    close: () => pool.close(),
  };
}

function errorText(payload: string): string {
  const { errorType, errorMessage } = JSON.parse(payload) as { errorType: string; errorMessage: string };
  return `${errorType}: ${errorMessage}`;
}

export function functionArn(name: string, accountId: string, region: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/**
 * Takes apart what callers name a function by: its name, its partial or whole ARN, each with or without a qualifier.
 * @throws {AwsError} `InvalidParameterValueException` for another form, another account or another region.
 */
export function parseFunctionName(
  text: string,
  accountId: string,
  region: string,
): { readonly name: string; readonly qualifier?: string } {
  const form =
    /^(?:(?:arn:aws:lambda:(?<region>[a-z0-9-]+):)?(?<account>\d{12}):function:)?(?<name>[A-Za-z0-9_-]{1,64})(?::(?<qualifier>\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;
  const groups = form.exec(text)?.groups;
  const name = groups?.name;
  const foreign = (groups?.account ?? accountId) !== accountId || (groups?.region ?? region) !== region;
  if (groups === undefined || name === undefined || foreign) {
    throw new AwsError('InvalidParameterValueException', `Invalid function name: ${text.slice(0, 140)}`, 400, {
      Type: 'User',
    });
  }
  const qualifier = groups.qualifier;
  return qualifier === undefined ? { name } : { name, qualifier };
}
