import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws/engine.ts';
import { GatewayError, type GatewayErrorKind } from './gateway-error.ts';
import { type ApiIdentity, eventBody, type HttpEvent, type HttpRequest, httpEvent } from './http-event.ts';
import { type HttpResponse, readFunctionResponse } from './http-response.ts';
import { createLambdaAuthorizers, identityValue } from './lambda-authorizer.ts';
import { readBody } from './request-body.ts';
import { type RouteSpec, routeKey } from './route.ts';
import { createRouteTable, type RouteMatch } from './route-table.ts';
import { createThrottle } from './throttle.ts';

/** One line of the access log. */
export interface AccessLogEntry {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  /** Absent when no route matched. */
  readonly routeKey?: string;
  readonly status: number;
  readonly durationMs: number;
  readonly responseBytes: number;
  readonly sourceIp: string;
  /** Why API Gateway itself answered. */
  readonly reason?: string;
}

export interface HttpApiOptions {
  readonly routes: readonly RouteSpec[];
  /** Functions are invoked as the service, which their resource policies let in. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<{ payload: unknown; functionError?: string }>;
  readonly accountId: string;
  readonly region: string;
  readonly apiId?: string;
  /** What functions read as `requestContext.domainName`. */
  readonly domainName?: string;
  readonly now?: () => number;
  readonly accessLog?: (entry: AccessLogEntry) => void;
  /** Replaces the body of API Gateway's own answers; HTTP APIs cannot, so it is unset by default. */
  readonly gatewayResponse?: (
    status: number,
    kind: GatewayErrorKind,
  ) => { readonly body: string; readonly headers: Readonly<Record<string, string>> };
  readonly timeoutMs?: number;
  readonly bodyMaxBytes?: number;
}

export interface HttpApi {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  setRoutes(routes: readonly RouteSpec[]): void;
  /** Forgets what Lambda authorizers answered. */
  resetAuthorizers(): void;
}

/** An HTTP API: routes, authorizers, Lambda proxy integrations with payload format 2.0. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { invoke, now = Date.now, timeoutMs = 30_000, bodyMaxBytes = 10 * 1024 * 1024 } = options;
  const apiId = options.apiId ?? 'tenantry00';
  const api: ApiIdentity = {
    accountId: options.accountId,
    apiId,
    domainName: options.domainName ?? `${apiId}.execute-api.${options.region}.amazonaws.com`,
  };
  const lambdaAuthorizers = createLambdaAuthorizers({ now, invoke });
  const throttle = createThrottle(now);
  let findRoute = compileRoutes(options.routes);

  async function authorize({ route }: RouteMatch, event: HttpEvent): Promise<object> {
    const { authorizer } = route;
    if (authorizer.type === 'none') return {};
    const { method, path } = event.requestContext.http as { method: string; path: string };
    const routeArn = `arn:aws:execute-api:${options.region}:${api.accountId}:${apiId}/$default/${method}${path}`;
    return { authorizer: { lambda: await lambdaAuthorizers.authorize(authorizer, event, routeArn) } };
  }

  async function respond(request: HttpRequest, match: RouteMatch): Promise<HttpResponse> {
    const event = httpEvent(request, match, api);
    const authorization = await authorize(match, event);
    const payload = {
      ...event,
      requestContext: { ...event.requestContext, ...authorization },
      ...eventBody(request, event.headers['content-type']),
    };
    const result = await withinTime(invoke(match.route.functionArn, payload), timeoutMs);
    if (result.functionError !== undefined) throw new GatewayError('INTERNAL_ERROR', 'the function failed');
    return readFunctionResponse(result.payload);
  }

  function errorResponse(error: GatewayError): HttpResponse {
    const { status, kind, message, headers } = error;
    const own = options.gatewayResponse?.(status, kind);
    const body = Buffer.from(own?.body ?? JSON.stringify({ message }));
    return { status, headers: { 'content-type': 'application/json', ...headers, ...own?.headers }, body };
  }

  return {
    async handle(incoming, outgoing) {
      const started = performance.now();
      const requestId = `${randomBytes(11).toString('base64url')}=`;
      const time = now();
      const method = incoming.method ?? 'GET';
      const [path = '/', rawQuery = ''] = splitTarget(incoming.url ?? '/');
      const sourceIp = incoming.socket.remoteAddress ?? '';
      let match: RouteMatch | undefined;
      let answer: HttpResponse;
      let reason: string | undefined;
      try {
        match = matchRoute(method, path);
        throttle(match.route);
        const body = await readBody(incoming, bodyMaxBytes);
        const protocol = `HTTP/${incoming.httpVersion}`;
        const { rawHeaders } = incoming;
        answer = await respond(
          { method, path, rawQuery, rawHeaders, body, sourceIp, protocol, requestId, time },
          match,
        );
      } catch (error) {
        const failure = asGatewayError(error);
        reason = failure.reason;
        incoming.resume();
        answer = errorResponse(failure);
      }
      write(outgoing, answer, requestId, method);
      options.accessLog?.({
        requestId,
        time,
        method,
        path,
        ...(match === undefined ? {} : { routeKey: routeKey(match.route) }),
        status: answer.status,
        durationMs: performance.now() - started,
        responseBytes: answer.body.byteLength,
        sourceIp,
        ...(reason === undefined ? {} : { reason }),
      });
    },
    setRoutes(routes) {
      findRoute = compileRoutes(routes);
      lambdaAuthorizers.reset();
    },
    resetAuthorizers: () => lambdaAuthorizers.reset(),
  };

  function matchRoute(method: string, path: string): RouteMatch {
    let match: RouteMatch | undefined;
    try {
      decodeURIComponent(path);
      match = findRoute(method, path);
    } catch {
      throw new GatewayError('BAD_REQUEST', 'the path is not well encoded');
    }
    if (match === undefined) throw new GatewayError('NOT_FOUND', 'no route');
    return match;
  }
}

function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const tooLarge = error instanceof AwsError && error.code === 'RequestTooLargeException';
  return new GatewayError(tooLarge ? 'REQUEST_TOO_LARGE' : 'INTERNAL_ERROR', String(error));
}

function compileRoutes(routes: readonly RouteSpec[]): ReturnType<typeof createRouteTable> {
  const probe: HttpEvent = {
    version: '2.0',
    routeKey: '',
    rawPath: '',
    rawQueryString: '',
    headers: {},
    requestContext: {},
  };
  // An unknown identity source is found here and not by the first caller.
  for (const { authorizer } of routes) {
    if (authorizer.type === 'lambda') for (const source of authorizer.identitySources) identityValue(source, probe);
  }
  return createRouteTable(routes);
}

function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GatewayError('SERVICE_UNAVAILABLE', 'the integration timed out')), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function write(response: ServerResponse, answer: HttpResponse, requestId: string, method: string): void {
  // A client that has gone away gets nothing; the function ran all the same.
  if (response.destroyed) return;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    // Framing belongs to this server, whatever a function says about it.
    if (['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'].includes(name)) continue;
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  headers['apigw-requestid'] = requestId;
  const bodiless = answer.status === 204 || answer.status === 304 || answer.status < 200;
  if (!bodiless) headers['content-length'] = String(answer.body.byteLength);
  response.writeHead(answer.status, headers);
  response.end(bodiless || method === 'HEAD' ? undefined : answer.body);
}
