import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { GatewayError } from './gateway-error.ts';
import type { Authorizer } from './route.ts';

type JwtAuthorizer = Extract<Authorizer, { type: 'jwt' }>;

/** Verifies the token of a request. @throws {GatewayError} `UNAUTHORIZED` or `FORBIDDEN` */
export type VerifyJwt = (authorizer: JwtAuthorizer, authorization: string | undefined) => Promise<JwtContext>;

/** What the function finds under `requestContext.authorizer.jwt`. */
export interface JwtContext {
  readonly claims: Readonly<Record<string, string>>;
  /** The token's scopes where the route asks for some, else null. */
  readonly scopes: readonly string[] | null;
}

/**
 * JWT authorizers as API Gateway has them: RS256 only, keys from the configured issuer and never from anything that
 * the token says, `iss`, `exp`, `nbf` and `iat` checked, `aud` or else `client_id` among the audiences.
 * @param options.jwksUrl where an issuer publishes its keys
 */
export function createJwtVerifier(options: {
  readonly now: () => number;
  readonly jwksUrl: (issuer: string) => string;
}): VerifyJwt {
  const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

  function keysOf(issuer: string): ReturnType<typeof createRemoteJWKSet> {
    const known = keySets.get(issuer);
    if (known !== undefined) return known;
    // A short cool-down, since a local pool may rotate its keys by being made anew.
    const keys = createRemoteJWKSet(new URL(options.jwksUrl(issuer)), {
      timeoutDuration: 5000,
      cooldownDuration: 1000,
    });
    keySets.set(issuer, keys);
    return keys;
  }

  return async (authorizer, authorization) => {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim() ?? '';
    if (token === '') throw new GatewayError('UNAUTHORIZED', 'no token', { 'www-authenticate': 'Bearer' });
    const keys = keysOf(authorizer.issuer);
    let payload: JWTPayload;
    try {
      const verified = await jwtVerify(
        token,
        (header, jws) => {
          if (typeof header.kid !== 'string') throw new errors.JWTInvalid('the token names no key');
          return keys(header, jws);
        },
        {
          algorithms: ['RS256'],
          issuer: authorizer.issuer,
          requiredClaims: ['exp'],
          currentDate: new Date(options.now()),
        },
      );
      payload = verified.payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw unreachable(error);
      if (error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_TIMEOUT') throw unreachable(error);
      throw invalidToken(describe(error));
    }
    if (typeof payload.iat === 'number' && payload.iat * 1000 > options.now()) {
      throw invalidToken('the token is not valid yet');
    }
    if (!audienceMatches(payload, authorizer.audience)) throw invalidToken('the token does not have a valid audience');
    return { claims: claimsAsText(payload), scopes: matchScopes(payload, authorizer.scopes ?? []) };
  };
}

/** `client_id` counts only where the token has no `aud`, as Cognito's access tokens. */
function audienceMatches(payload: JWTPayload, audience: readonly string[]): boolean {
  const claimed = payload.aud ?? payload.client_id;
  return [claimed].flat().some((one) => typeof one === 'string' && audience.includes(one));
}

function matchScopes(payload: JWTPayload, needed: readonly string[]): readonly string[] | null {
  if (needed.length === 0) return null;
  const claim = payload.scope ?? payload.scp;
  const held = Array.isArray(claim) ? claim.map(String) : typeof claim === 'string' ? claim.split(' ') : [];
  if (held.some((scope) => needed.includes(scope))) return held;
  throw new GatewayError('FORBIDDEN', 'the token lacks the scopes', {
    'www-authenticate': `Bearer scope="${needed.join(' ')}" error="insufficient_scope"`,
  });
}

/** API Gateway hands every claim over as text: lists as `[a b]`, objects as JSON, and claims without a value not at all. */
function claimsAsText(payload: JWTPayload): Record<string, string> {
  const given = Object.entries(payload).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') return 'invalid issuer';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') return 'the token is not valid yet';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature verification failed';
  return 'the token is malformed or not signed by a known key';
}

function invalidToken(description: string): GatewayError {
  return new GatewayError('UNAUTHORIZED', description, {
    'www-authenticate': `Bearer scope="" error="invalid_token" error_description="${description}"`,
  });
}

/** The caller is told no more than with a bad token; the access log says that the issuer is at fault. */
function unreachable(error: unknown): GatewayError {
  const reason = `the issuer's keys could not be had: ${error instanceof Error ? error.message : String(error)}`;
  return new GatewayError('UNAUTHORIZED', reason, { 'www-authenticate': 'Bearer scope="" error="invalid_token"' });
}
