import { createHash } from 'node:crypto';
import { StatusError } from './status.ts';

export interface User {
  readonly username: string;
  readonly groups: readonly string[];
}

export interface Authenticator {
  /** @throws {StatusError} `Unauthorized` */
  authenticate(authorization: string | undefined): Promise<User>;
}

const unauthorized = (): StatusError => new StatusError('Unauthorized', 'Unauthorized');
const prefix = 'k8s-aws-v1.';
const tokenLengthMax = 16_384;
const cacheMs = 60_000;
const cacheMax = 1000;
const stsDeadlineMs = 5000;
const presignedSecondsMax = 900;

/** Everything that a presigned `GetCallerIdentity` may carry; anything else could change what STS is asked. */
const parameters = new Set([
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]);

/** The URL inside a token, when it asks nothing but who its signer is, of nobody but STS. */
function presignedUrl(token: string, stsEndpoint: URL): URL {
  if (!token.startsWith(prefix) || token.length > tokenLengthMax) throw unauthorized();
  const text = Buffer.from(token.slice(prefix.length), 'base64url').toString();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.origin !== stsEndpoint.origin || url.pathname !== '/' || url.username || url.password || url.hash) {
    throw unauthorized();
  }
  const names = [...url.searchParams.keys()];
  const expires = Number(url.searchParams.get('X-Amz-Expires'));
  const signed = url.searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? [];
  const plain = names.every((name) => parameters.has(name)) && new Set(names).size === names.length;
  const asks = url.searchParams.get('Action') === 'GetCallerIdentity';
  if (!plain || !asks || !(expires > 0 && expires <= presignedSecondsMax)) throw unauthorized();
  // Without these in the signature, a token for another cluster would count here.
  if (!signed.includes('x-k8s-aws-id') || !signed.includes('host')) throw unauthorized();
  return url;
}

async function callerArn(url: URL, clusterName: string): Promise<string> {
  const response = await fetch(url, {
    headers: { 'x-k8s-aws-id': clusterName },
    redirect: 'error',
    signal: AbortSignal.timeout(stsDeadlineMs),
  }).catch(() => undefined);
  const body = response?.ok ? await response.text() : '';
  const arn = /<Arn>(arn:aws:(?:sts|iam)::\d{12}:[\w+=,.@/:-]+)<\/Arn>/.exec(body)?.[1];
  if (arn === undefined) throw unauthorized();
  return arn;
}

/**
 * Authenticates as EKS does: STS says who signed the token, the cluster's access entries say who that is here.
 * @param options.identityOf who an IAM principal is in this cluster; `undefined` for a stranger
 */
export function createAuthenticator(options: {
  readonly clusterName: string;
  readonly stsEndpoint: () => string;
  readonly identityOf: (callerArn: string) => User | undefined;
  readonly now: () => number;
}): Authenticator {
  const cache = new Map<string, { readonly arn: string; readonly until: number }>();

  async function verified(token: string): Promise<string> {
    const hash = createHash('sha256').update(token).digest('hex');
    const known = cache.get(hash);
    if (known && known.until > options.now()) return known.arn;
    const arn = await callerArn(presignedUrl(token, new URL(options.stsEndpoint())), options.clusterName);
    cache.set(hash, { arn, until: options.now() + cacheMs });
    const [oldest] = cache.keys();
    if (cache.size > cacheMax && oldest !== undefined) cache.delete(oldest);
    return arn;
  }

  return {
    async authenticate(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw unauthorized();
      // Access entries are read each time: a removed one counts at once.
      const user = options.identityOf(await verified(token));
      if (!user) throw unauthorized();
      return user;
    },
  };
}
