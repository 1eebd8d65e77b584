import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { TemporaryCredentials } from '../aws/engine.ts';

/** A call that AWS, or the gateway in its place, answered with an error. */
export class CallError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.status = status;
  }
}

export type JsonCall = (request: {
  /** The signing name: `sqs`, `dynamodb`. */
  readonly service: string;
  /** `AmazonSQS.ReceiveMessage` */
  readonly target: string;
  readonly body: object;
  readonly credentials: TemporaryCredentials;
  readonly signal?: AbortSignal;
}) => Promise<Record<string, unknown>>;

class Sha256 {
  readonly #digest: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#digest = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#digest.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#digest.digest());
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

/**
 * Signed calls of the services that speak AWS's JSON protocol, through the gateway like everybody's, so that event
 * source mappings can read only what their function's role may.
 */
export function createJsonCall(options: { readonly region: string; readonly endpoint: () => string }): JsonCall {
  return async ({ service, target, body, credentials, signal }) => {
    const url = new URL(options.endpoint());
    const text = JSON.stringify(body);
    const signer = new SignatureV4({ service, region: options.region, credentials, sha256: Sha256 });
    const signed = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      query: {},
      headers: { host: url.host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
      body: text,
    });
    const { host: _, ...headers } = signed.headers;
    const response = await fetch(url, { method: 'POST', headers, body: text, ...(signal ? { signal } : {}) });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const code = String(answer.__type ?? 'UnknownError').replace(/^.*#/, '');
    throw new CallError(code, String(answer.message ?? answer.Message ?? ''), response.status);
  };
}
