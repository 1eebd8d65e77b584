import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './test-cloud.ts';

/** A request that can be spoilt before it is sent. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

type Data = string | ArrayBuffer | ArrayBufferView;

const toBytes = (data: Data): Uint8Array => {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};

class Sha256 {
  private readonly hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
  constructor(secret?: Data) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret));
  }
  update(data: Data): void {
    this.hash.update(toBytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}

interface What {
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly region?: string;
  readonly signingDate?: Date;
}

const signer = ({ credentials, service, region = 'us-east-1' }: What) =>
  new SignatureV4({ credentials, service, region, sha256: Sha256, uriEscapePath: service !== 's3' });

const httpRequest = (what: What) => {
  const { hostname, port, host } = new URL(what.endpoint);
  const { method = 'POST', path = '/', query = {}, headers = {}, body = '' } = what;
  return { protocol: 'http:', hostname, port: Number(port), method, path, query, headers: { host, ...headers }, body };
};

const toUrl = (endpoint: string, path: string, query: Record<string, unknown>): string => {
  const text = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `${endpoint}${path}${text === '' ? '' : `?${text}`}`;
};

/** Signed in its headers by the signer that the SDKs use. */
export async function signedRequest(what: What): Promise<SignedRequest> {
  const request = httpRequest(what);
  const signed = await signer(what).sign(request, { ...(what.signingDate ? { signingDate: what.signingDate } : {}) });
  return {
    method: request.method,
    url: toUrl(what.endpoint, request.path, request.query),
    headers: { ...signed.headers },
    body: request.body,
  };
}

/** Signed in its URL. */
export async function presignedRequest(what: What & { readonly expiresIn: number }): Promise<SignedRequest> {
  const request = httpRequest({ method: 'GET', ...what });
  const { host } = request.headers;
  // As the SDK's presigner for S3 does; other services take the hash of an empty body.
  const payload: Record<string, string> = what.service === 's3' ? { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } : {};
  const signed = await signer(what).presign(
    { ...request, headers: { ...request.headers, ...payload } },
    { expiresIn: what.expiresIn, ...(what.signingDate ? { signingDate: what.signingDate } : {}) },
  );
  return {
    method: request.method,
    url: toUrl(what.endpoint, request.path, signed.query ?? {}),
    headers: { host, ...what.headers },
    body: request.body,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `AccessDeniedException`, wherever the protocol puts it. */
  readonly code: string | undefined;
}

export async function send({ method, url, headers, body }: SignedRequest): Promise<Answer> {
  const { host: _, ...rest } = headers;
  const bodyless = method === 'GET' || method === 'HEAD';
  const response = await fetch(url, { method, headers: rest, ...(bodyless ? {} : { body }) });
  const text = await response.text();
  const code =
    /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ??
    /"__type":"([^"]+)"/.exec(text)?.[1] ??
    response.headers.get('x-amzn-errortype') ??
    undefined;
  return { status: response.status, headers: response.headers, text, code };
}
