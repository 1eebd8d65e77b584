import { LOCAL_REGION } from '../aws/engine.ts';
import type { Principal } from '../iam/principal.ts';
import { CredentialsError, type ResolveCredentials, type ResolvedCredentials } from '../sts/credentials.ts';
import { AuthenticationError } from './authentication-error.ts';
import type { Authorization } from './authorization.ts';
import { decodeChunks, type StreamingPayload, streamingPayloads } from './chunked-body.ts';
import type { HttpRequest } from './http-request.ts';
import { expectedSignature, sameSignature, sha256, signingKey } from './signature.ts';

/** Who sent the call, and its body without framing. */
export interface Authenticated {
  readonly principal: Principal;
  readonly body: Buffer;
}

const SKEW_MAX_MS = 5 * 60 * 1000;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/**
 * Verifies Signature Version 4, of headers or of a presigned URL.
 * @throws {AuthenticationError}
 * @throws {AwsError} when the body's framing is malformed.
 */
export function authenticate(
  request: HttpRequest,
  body: Buffer,
  authorization: Authorization,
  { resolveCredentials, now }: { readonly resolveCredentials: ResolveCredentials; readonly now: number },
): Authenticated {
  checkScope(authorization);
  checkTime(authorization, now);
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !authorization.signedHeaders.includes(name),
  );
  if (unsigned !== undefined) throw new AuthenticationError('unsignedHeaders');
  const { secretAccessKey, principal } = resolve(authorization, resolveCredentials);
  const key = signingKey(secretAccessKey, authorization);
  const payload = readPayload(request, body, authorization);
  const expected = expectedSignature(request, authorization, key, payload.hash);
  if (!sameSignature(authorization.signature, expected)) throw new AuthenticationError('signature');
  return {
    principal,
    body: payload.streaming ? decodeChunks(body, payload.streaming, request.headers, authorization, key) : body,
  };
}

function checkScope({ day, region, timestamp }: Authorization): void {
  if (!timestamp.startsWith(day)) {
    throw new AuthenticationError('signature', 'The date in the credential scope does not match that of the request.');
  }
  if (region !== LOCAL_REGION) {
    throw new AuthenticationError(
      'signature',
      `Credential should be scoped to a valid region, not '${region}': this machine is ${LOCAL_REGION}.`,
    );
  }
}

function checkTime({ presigned, timestamp, expiresSeconds = 0 }: Authorization, now: number): void {
  const signedAt = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(signedAt)) throw new AuthenticationError('incomplete', 'The date of the request is malformed.');
  if (signedAt - now > SKEW_MAX_MS) throw new AuthenticationError('skew');
  if (presigned) {
    if (now > signedAt + expiresSeconds * 1000) throw new AuthenticationError('expiredUrl');
  } else if (now - signedAt > SKEW_MAX_MS) throw new AuthenticationError('skew');
}

function resolve(authorization: Authorization, resolveCredentials: ResolveCredentials): ResolvedCredentials {
  try {
    return resolveCredentials(authorization.accessKeyId, authorization.sessionToken);
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new AuthenticationError(error.reason === 'expired' ? 'expiredToken' : error.reason);
  }
}

/** What stands for the body in the signature. Only S3 takes bodies that are not hashed as a whole. */
function readPayload(
  request: HttpRequest,
  body: Buffer,
  { service, presigned }: Authorization,
): { readonly hash: string; readonly streaming?: StreamingPayload } {
  const inUrl = presigned ? request.query.find(([name]) => name === 'X-Amz-Content-Sha256')?.[1] : undefined;
  const claimed = request.headers['x-amz-content-sha256'] ?? inUrl;
  const takesUnsigned = service === 's3';
  if (takesUnsigned && (claimed === UNSIGNED_PAYLOAD || (claimed === undefined && presigned))) {
    return { hash: UNSIGNED_PAYLOAD };
  }
  if (takesUnsigned && claimed !== undefined && Object.hasOwn(streamingPayloads, claimed)) {
    const streaming = streamingPayloads[claimed as keyof typeof streamingPayloads];
    return { hash: claimed, streaming };
  }
  const hash = sha256(body);
  if (claimed !== undefined && claimed !== hash) throw new AuthenticationError('bodyHash');
  return { hash };
}
