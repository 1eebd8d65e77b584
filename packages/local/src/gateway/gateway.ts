import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type Engine } from '../aws/engine.ts';
import type { Iam } from '../iam/iam.ts';
import type { ResolveCredentials } from '../sts/credentials.ts';
import { AuthenticationError, inProtocol } from './authentication-error.ts';
import { answerCall, type CallNotes, guessProtocol } from './call.ts';
import { type HttpRequest, readHttpRequest } from './http-request.ts';
import { readBody } from './read-body.ts';
import type { CallRecord } from './record.ts';
import { renderError, renderResponse, type WireResponse } from './responses.ts';

export interface GatewayOptions {
  readonly engines: readonly Engine[];
  readonly iam: Iam;
  readonly sts: { readonly resolveCredentials: ResolveCredentials };
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Longest body in bytes; 10 MiB unless given. */
  readonly maxBodyBytes?: number;
  /** Longest body of a call of S3 in bytes; 64 MiB unless given. */
  readonly maxObjectBytes?: number;
  /** Told of every call once it is answered, whether allowed or not. */
  readonly onCall?: (record: CallRecord) => void;
  /** Told what an engine threw beside the errors of its API; the caller learns nothing of it. */
  readonly onFault?: (error: unknown, requestId: string) => void;
}

export interface Gateway {
  /** Port 0 takes a free one. @returns the URL that AWS clients take as their endpoint. */
  listen(port: number, host?: string): Promise<string>;
  /** Answers what was begun and stops. Does not close the engines. */
  close(): Promise<void>;
  /** Answers one request, for a server of one's own. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
/** Session tokens with many tags are long. */
const HEADER_BYTES_MAX = 64 * 1024;
/** Longer than SDKs keep idle connections, so that none is closed under a call. */
const KEEP_ALIVE_MS = 75_000;

/**
 * The one way to every engine. It proves who calls (Signature Version 4), asks the engine what the call needs, has the
 * caller's policies allow it, and only then lets the engine carry it out.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { now = Date.now, maxBodyBytes = 10 * MEBIBYTE, maxObjectBytes = 64 * MEBIBYTE } = options;
  const { onCall, onFault = (error, requestId) => console.error(`The call ${requestId} failed:`, error) } = options;
  const services = {
    engines: byService(options.engines),
    iam: options.iam,
    resolveCredentials: options.sts.resolveCredentials,
  };

  const answer = async (message: IncomingMessage, notes: CallNotes, requestId: string): Promise<WireResponse> => {
    let contentType: string | undefined;
    try {
      const http = readHttpRequest(message);
      notes.protocol = guessProtocol(http);
      contentType = http.headers['content-type'];
      const toS3 = claimsService(http, 's3');
      const body = await readBody(message, toS3 ? maxObjectBytes : maxBodyBytes);
      if (!body) throw tooLarge(toS3);
      const response = await answerCall(http, body, services, { notes, requestId, now: now() });
      return renderResponse(response, { protocol: notes.protocol, requestId, contentType });
    } catch (error) {
      const answered = toAwsError(error, notes, (fault) => onFault(fault, requestId));
      notes.errorCode = answered.code;
      // STS asks the trust policy itself, once the call has passed here.
      if (/^AccessDenied(Exception)?$/.test(answered.code)) notes.allowed = false;
      if (notes.allowed !== true) notes.denial = answered.message;
      return renderError(answered, { protocol: notes.protocol, requestId, contentType });
    }
  };

  let closing = false;
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (message.url === '/_local/health' && message.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
      return;
    }
    const requestId = randomUUID();
    const time = now();
    const started = performance.now();
    const notes: CallNotes = { protocol: 'rest-xml' };
    const wire = await answer(message, notes, requestId);
    send(message, response, wire, { now: now(), last: closing });
    onCall?.(toRecord(notes, { time, requestId, status: wire.status, durationMs: performance.now() - started }));
  };

  const server: Server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: KEEP_ALIVE_MS }, handle);
  return {
    handle,
    async listen(port, host = '127.0.0.1') {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const { port: taken } = server.address() as AddressInfo;
      return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
    },
    async close() {
      if (!server.listening) return;
      closing = true;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

function byService(engines: readonly Engine[]): ReadonlyMap<string, Engine> {
  const map = new Map<string, Engine>();
  for (const engine of engines) {
    for (const service of engine.services) {
      if (map.has(service)) throw new Error(`Two engines answer for the service "${service}".`);
      map.set(service, engine);
    }
  }
  return map;
}

/** Of a request that is not verified yet: only to choose a limit by. */
function claimsService(http: HttpRequest, service: string): boolean {
  const scope = http.headers.authorization ?? http.query.find(([name]) => name === 'X-Amz-Credential')?.[1] ?? '';
  return scope.includes(`/${service}/aws4_request`);
}

function toAwsError(error: unknown, notes: CallNotes, onFault: (error: unknown) => void): AwsError {
  if (error instanceof AuthenticationError) return inProtocol(error, notes.protocol);
  if (error instanceof AwsError) return error;
  onFault(error);
  const code = { json: 'InternalServerError', 'rest-json': 'InternalFailure', query: 'InternalFailure' };
  return new AwsError(
    notes.protocol === 'rest-xml' ? 'InternalError' : code[notes.protocol],
    'The request failed for a reason of the service itself.',
    500,
  );
}

function tooLarge(toS3: boolean): AwsError {
  return toS3
    ? new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
    : new AwsError('RequestEntityTooLargeException', 'The request is too large.', 413);
}

function send(
  message: IncomingMessage,
  response: ServerResponse,
  wire: WireResponse,
  { now, last }: { readonly now: number; readonly last: boolean },
): void {
  const bodyless = message.method === 'HEAD' || wire.status === 204 || wire.status === 304;
  response.writeHead(wire.status, {
    date: new Date(now).toUTCString(),
    ...(bodyless ? {} : { 'content-length': String(Buffer.byteLength(wire.body)) }),
    ...wire.headers,
    // What is left of a refused body is not worth reading; and an idle connection would keep a closing server open.
    ...(message.complete && !last ? {} : { connection: 'close' }),
  });
  response.end(bodyless ? undefined : wire.body);
}

function toRecord(
  notes: CallNotes,
  outcome: Pick<CallRecord, 'time' | 'requestId' | 'status' | 'durationMs'>,
): CallRecord {
  const { protocol: _, ...known } = notes;
  return {
    callerArn: undefined,
    roleArn: undefined,
    tags: {},
    service: '',
    operation: '',
    requirements: [],
    allowedBy: [],
    allowed: false,
    denial: undefined,
    errorCode: undefined,
    ...known,
    ...outcome,
  };
}
