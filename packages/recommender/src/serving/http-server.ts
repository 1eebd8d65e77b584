import { hash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { recommendationRequestSchema } from '@tenantry/core/contract/recommendation';
import type { TenantId } from '@tenantry/core/ids/id';
import { countersPath, probePaths } from '@tenantry/core/silo/names';
import { type AnswerSources, answer } from './answer.ts';
import { within } from './deadline.ts';

const BODY_BYTES_MAX = 64 * 1024;

/** More at a time only wait for each other, while their callers give up. */
const IN_FLIGHT_MAX = 128;
/** The caller waits half a second longer, so that it hears why. */
const DEADLINE_MS = 1000;
const RETRY_AFTER_SECONDS = 1;
/** Longer than the load balancer's 60 s: whoever closes a kept connection first must not be the one that is sent requests through it. */
const KEEP_ALIVE_MS = 75_000;

/** A request that does not come to its end is cut off, since it counts as work. */
const patience = { requestTimeout: 10_000, connectionsCheckingInterval: 2_000 } as const;

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The recommender of one silo: the probes, and `POST /recommendations` for the bearer of the tenant's access token only,
 * which the ML API sends. It is ready once it has read the tenant's model with its own credentials. When it has more to do than it can, or
 * what it needs does not come in time, it says so by a 503 with `Retry-After`.
 */
export function createSiloServer(options: {
  readonly tenantId: TenantId;
  readonly accessToken: string;
  /** The version that it was started as. */
  readonly version: string;
  readonly sources: AnswerSources;
  readonly onError: (message: string, error: unknown) => void;
  /** Whether the log of what was recommended is too far behind to go on. */
  readonly isBehind?: () => boolean;
  /** Requests that it works on at a time; 128 unless given. */
  readonly inFlightMax?: number;
  /** 1,000 ms unless given. */
  readonly deadlineMs?: number;
}): Server {
  const {
    tenantId,
    sources,
    onError,
    isBehind = () => false,
    inFlightMax = IN_FLIGHT_MAX,
    deadlineMs = DEADLINE_MS,
  } = options;
  const expected = digest(`Bearer ${options.accessToken}`);

  const ready = async (): Promise<object> => {
    const model = await sources.models.modelOf(tenantId, sources.s3);
    return { status: 'ok', tenantId, modelVersion: model.version };
  };

  const authorize = (request: IncomingMessage): void => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new HttpError(401, 'The access token is not valid.');
    }
  };

  let inFlight = 0;
  const bounded = (work: () => Promise<object>): Promise<object> => {
    if (isBehind()) return Promise.reject(new HttpError(503, 'The log is behind.'));
    if (inFlight >= inFlightMax) return Promise.reject(new HttpError(503, 'Too many requests at a time.'));
    inFlight += 1;
    // What comes too late is still worked on, and so still counts.
    const done = work().finally(() => {
      inFlight -= 1;
    });
    return within(deadlineMs, done);
  };

  const counters = { version: options.version, requests: 0, errors: 0 };
  const counted = async (request: IncomingMessage): Promise<object> => {
    authorize(request);
    try {
      return await bounded(() => recommend(request));
    } catch (error) {
      if (!(error instanceof HttpError)) counters.errors += 1;
      throw error;
    } finally {
      counters.requests += 1;
    }
  };
  const count = async (request: IncomingMessage): Promise<object> => {
    authorize(request);
    return counters;
  };

  const recommend = async (request: IncomingMessage): Promise<object> => {
    const parsed = recommendationRequestSchema.safeParse(parseJson(await readBody(request)));
    if (!parsed.success) throw new HttpError(400, 'The request is not valid.');
    const { recommendation, logged } = await answer({ tenantId, ...parsed.data }, sources);
    logged.catch((error: unknown) => onError('recommendation not logged', error));
    return recommendation;
  };

  const route = (request: IncomingMessage): Promise<object> => {
    if (request.method === 'GET' && request.url === probePaths.live) return Promise.resolve({ status: 'ok' });
    if (request.method === 'GET' && request.url === probePaths.ready) return ready();
    if (request.method === 'POST' && request.url === '/recommendations') return counted(request);
    if (request.method === 'GET' && request.url === countersPath) return count(request);
    return Promise.reject(new HttpError(404, 'There is no such route.'));
  };

  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...patience }, (request, response) => {
    route(request).then(
      (body) => send(response, 200, body),
      (error: unknown) => {
        if (!(error instanceof HttpError)) onError('request failed', error);
        const status = error instanceof HttpError ? error.status : 503;
        send(response, status, { error: error instanceof HttpError ? error.message : 'Not available at the moment.' });
      },
    );
  });
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    // Else it goes out in chunks, each a write of its own.
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
  });
  response.end(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The body is not valid JSON.');
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else reject(new HttpError(413, 'The body is too large.'));
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
