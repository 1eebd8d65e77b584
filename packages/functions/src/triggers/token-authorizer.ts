import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';

const { TOKEN_ISSUER, TOKEN_CLIENT_ID, TOKEN_JWKS_URL } = readEnvironment({
  TOKEN_ISSUER: required,
  TOKEN_CLIENT_ID: required,
  /** Set where the user pool is not AWS's own. */
  TOKEN_JWKS_URL: z.url().optional(),
});

/** The keys are those of our own pool, wherever a token says that it comes from. */
const keys = createRemoteJWKSet(new URL(TOKEN_JWKS_URL ?? `${TOKEN_ISSUER}/.well-known/jwks.json`));

/** A good token's life ends at the second; clocks of two machines may differ by a few. */
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  sub: z.string().min(1),
  // An id token is signed by the same pool for the same client, but says who somebody is, not what they may do.
  token_use: z.literal('access', 'it is not an access token'),
  client_id: z.literal(TOKEN_CLIENT_ID, 'it was made for another application'),
  userId: z.string(),
  tenantId: z.string().optional(),
  tier: z.string().optional(),
  'cognito:groups': z.array(z.string()).default([]),
});

type Result = APIGatewaySimpleAuthorizerWithContextResult<Record<string, string>>;

/** The function answers this by a problem document; API Gateway's own refusal would say nothing. */
const refused = (reason: string): Result => ({ isAuthorized: true, context: { refusal: reason } });

/** What a bad token is told; anything else is our own failure, which lets nobody in either. */
function reasonFor(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The access token has expired; refresh it.';
  if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) {
    return 'The access token is not one of ours: its signature, issuer or form is wrong.';
  }
  throw error;
}

async function authorize(token: string): Promise<Result> {
  const { payload } = await jwtVerify(token, keys, {
    issuer: TOKEN_ISSUER,
    algorithms: ['RS256'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  });
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) return refused(`The access token is not good: ${claims.error.issues[0]?.message}.`);
  const { sub, userId, tenantId, tier, 'cognito:groups': groups } = claims.data;
  return {
    isAuthorized: true,
    context: {
      sub,
      userId,
      operator: String(groups.includes('operators')),
      ...(tenantId ? { tenantId } : {}),
      ...(tier ? { tier } : {}),
    },
  };
}

/**
 * Tells the function whose an access token is. Without that, the function refuses the request: it never reads the token, and
 * takes nobody for known whom this did not name.
 */
export const handler = (event: APIGatewayRequestAuthorizerEventV2): Promise<Result> =>
  withLogContext({ requestId: event.requestContext.requestId }, async () => {
    const token = /^Bearer (\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
    if (!token) return refused('Send an access token in the header Authorization: Bearer.');
    try {
      return await authorize(token);
    } catch (error) {
      const reason = reasonFor(error);
      log.info('access token refused', { reason });
      return refused(reason);
    }
  });
