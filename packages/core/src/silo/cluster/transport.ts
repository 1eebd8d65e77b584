import { Agent, request as httpsRequest } from 'node:https';
import { ClusterError } from './error.ts';

export interface TransportRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly deadlineMs: number;
}

export interface TransportResponse {
  readonly status: number;
  readonly body: string;
}

/** @throws {ClusterError} `unavailable` when no whole answer came in time */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** A list of every silo's pods stays far below this. */
const responseBytesMax = 16 * 1024 * 1024;

/**
 * HTTPS to one cluster that trusts only the cluster's own authority.
 * @param certificateAuthority PEM in base64, as `DescribeCluster` gives it
 */
export function httpsTransport(endpoint: string, certificateAuthority: string): Transport {
  const url = new URL(endpoint);
  if (url.protocol !== 'https:') throw new TypeError('A cluster is reached over https only.');
  const ca = Buffer.from(certificateAuthority, 'base64').toString();
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 8, minVersion: 'TLSv1.2' });

  return ({ method, path, headers, body, deadlineMs }) =>
    new Promise((resolve, reject) => {
      const unavailable = (cause: unknown) =>
        reject(new ClusterError('unavailable', `${method} ${path}: ${String(cause)}`, { cause }));
      const signal = AbortSignal.timeout(deadlineMs);
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const request = httpsRequest(new URL(path, url), {
        method,
        agent,
        signal,
        headers: { ...headers, ...length },
      });
      request.on('error', unavailable);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > responseBytesMax) request.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', unavailable);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      request.end(body);
    });
}
