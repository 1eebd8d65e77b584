import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws/engine.ts';

/** A request as it came in, before anything about it is believed. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** Decoded, in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names; several headers of one name are joined with a comma, as the signature wants it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceIp: string;
}

/** These say who calls and what is signed, so that there must be no doubt which one counts. */
const once = new Set([
  'authorization',
  'host',
  'content-length',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-target',
]);

/** @throws {AwsError} when the URL is malformed, or a header that may come once comes twice. */
export function readHttpRequest(message: IncomingMessage): HttpRequest {
  const { method = 'GET', url = '/' } = message;
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  if (!path.startsWith('/')) throw malformed('The request target must be a path.');
  return {
    method,
    path,
    query: mark === -1 ? [] : readQueryString(url.slice(mark + 1)),
    headers: readHeaders(message.rawHeaders),
    sourceIp: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = (raw[index + 1] ?? '').trim();
    const earlier = headers[name];
    if (earlier !== undefined && once.has(name)) throw malformed(`The header ${name} is given more than once.`);
    headers[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return headers;
}

function readQueryString(text: string): (readonly [string, string])[] {
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      throw malformed('The query string is malformed.');
    }
  };
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

function malformed(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}
