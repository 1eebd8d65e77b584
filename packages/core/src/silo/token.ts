import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';
import { Sha256 } from '../signing/sha256.ts';

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
