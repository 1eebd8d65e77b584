import { request as httpRequest } from 'node:http';

export interface RawRequest {
  readonly method: string;
  /** As it goes over the wire, with its query; nothing normalises it. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string | undefined;
  readonly text: string;
  /** The code of a problem document. */
  readonly code: string | undefined;
}

/** Sends a request exactly as it is, host and path included, which `fetch` would not. */
export function send(siteUrl: string, { method, target, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(siteUrl);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, method, path: target, headers: { host, ...(headers as Record<string, string>) }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const contentType = String(response.headers['content-type'] ?? '');
          const problem = contentType === 'application/problem+json' ? JSON.parse(text) : undefined;
          const requestId = response.headers['x-request-id'];
          resolve({
            status: response.statusCode ?? 0,
            contentType,
            requestId: typeof requestId === 'string' ? requestId : undefined,
            text,
            code: typeof problem?.code === 'string' ? problem.code : undefined,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
