import { randomBytes } from 'node:crypto';
import { routeKey } from './route.ts';
import type { RouteMatch } from './route-table.ts';

/** A request as it came in, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  /** Names and values one after the other, as node gives them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

export interface ApiIdentity {
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
}

/** The members that a Lambda authorizer and a function both get, in payload format 2.0. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
}

/**
 * The event of a request. API Gateway decodes the path, joins repeated headers and query parameters by commas, and
 * moves cookies out of the headers.
 */
export function httpEvent(request: HttpRequest, match: RouteMatch, api: ApiIdentity): HttpEvent {
  const { headers, cookies } = readHeaders(request);
  const query = readQuery(request.rawQuery);
  const key = routeKey(match.route);
  const { accountId, apiId, domainName } = api;
  const path = decodeURIComponent(request.path);
  return {
    version: '2.0',
    routeKey: key,
    rawPath: path,
    rawQueryString: request.rawQuery,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    requestContext: {
      accountId,
      apiId,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: key,
      stage: '$default',
      time: clfTime(request.time),
      timeEpoch: request.time,
    },
  };
}

/** The body as text where its content type is text, else base64; a body without a type is binary. */
export function eventBody(request: HttpRequest, contentType: string | undefined): object {
  if (request.body.byteLength === 0) return { isBase64Encoded: false };
  const text = /^(text\/.+|application\/(json|xml|javascript))$/.test(
    (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
  );
  return { body: request.body.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}

function readHeaders(request: HttpRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ''));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], request.sourceIp].filter(Boolean).join(', ');
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-forwarded-port'] ??= /:(\d+)$/.exec(headers.host ?? '')?.[1] ?? '80';
  const seconds = Math.floor(request.time / 1000).toString(16);
  headers['x-amzn-trace-id'] ??= `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
  return { headers, cookies };
}

function readQuery(rawQuery: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2026:19:03:58 +0000` */
function clfTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
