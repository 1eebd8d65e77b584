import { GatewayError } from './gateway-error.ts';

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; several values where a header is repeated. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/**
 * What a function's answer means in payload format 2.0: an object with a status code is a whole response, anything
 * else is the body of a 200.
 * @throws {GatewayError} `INTERNAL_ERROR` when a response is malformed.
 */
export function readFunctionResponse(answer: unknown): HttpResponse {
  if (!isObject(answer) || answer.statusCode === undefined) {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed('statusCode');
  const headers = readHeaders(answer.headers ?? {});
  headers['content-type'] ??= 'text/plain;charset=utf-8';
  const cookies: unknown = answer.cookies ?? [];
  if (!Array.isArray(cookies) || !cookies.every((cookie) => typeof cookie === 'string')) throw malformed('cookies');
  const body: unknown = answer.body ?? '';
  if (typeof body !== 'string') throw malformed('body');
  return {
    status,
    headers: cookies.length === 0 ? headers : { ...headers, 'set-cookie': cookies },
    body: Buffer.from(body, answer.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function readHeaders(value: unknown): Record<string, string> {
  if (!isObject(value)) throw malformed('headers');
  const headers: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') throw malformed('headers');
    headers[name.toLowerCase()] = String(item);
  }
  return headers;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(member: string): GatewayError {
  return new GatewayError('INTERNAL_ERROR', `The function's response is malformed: ${member}`);
}
