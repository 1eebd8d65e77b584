import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';

type SourceData = string | ArrayBuffer | ArrayBufferView;

/** SHA-256 in the shape that the signer asks for; with a key it is an HMAC. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(key?: SourceData) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytes(key));
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('A digest is taken once.');
  }
}

const bytes = (data: SourceData): Buffer =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);

/** The presigned URL counts for a minute at STS. */
const lifeSeconds = 60;

/**
 * A bearer token for an EKS cluster: a presigned `GetCallerIdentity` with which the cluster asks STS who calls.
 * @param options.endpoint where STS answers; by default the region's own
 */
export async function eksToken(options: {
  readonly clusterName: string;
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  readonly endpoint?: string;
  readonly now?: () => number;
}): Promise<string> {
  const endpoint = new URL(options.endpoint ?? `https://sts.${options.region}.amazonaws.com`);
  const signer = new SignatureV4({
    service: 'sts',
    region: options.region,
    credentials: options.credentials,
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: endpoint.host, 'x-k8s-aws-id': options.clusterName },
    },
    {
      expiresIn: lifeSeconds,
      signableHeaders: new Set(['host', 'x-k8s-aws-id']),
      ...(options.now ? { signingDate: new Date(options.now()) } : {}),
    },
  );
  const query = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  );
  return `k8s-aws-v1.${Buffer.from(`${endpoint.origin}/?${query.join('&')}`).toString('base64url')}`;
}
