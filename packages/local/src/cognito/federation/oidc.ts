import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import { invalidParameter, notAuthorized } from '../errors.ts';
import type { IdentityProvider } from '../identity-provider-store.ts';
import type { Assertion } from './assertion.ts';
import { readPublished } from './outgoing.ts';

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
type Discovery = z.infer<typeof discoverySchema>;

const tokensSchema = z.object({ id_token: z.string() });
const claimSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** @throws {AwsError} `InvalidParameterException` when an issuer publishes nothing of use, or says that it is another one */
export async function discover(issuer: string): Promise<Discovery> {
  const text = await readPublished(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameter('The discovery document is not JSON.');
  }
  const found = discoverySchema.safeParse(parsed);
  if (!found.success) throw invalidParameter('The discovery document names no endpoints.');
  if (found.data.issuer !== issuer) throw invalidParameter(`The issuer says that it is ${found.data.issuer}.`);
  return found.data;
}

/** Where the browser goes to sign in at the provider. */
export async function authorizeUrl(
  { details }: IdentityProvider,
  request: { readonly redirectUri: string; readonly state: string; readonly nonce: string; readonly hint?: string },
): Promise<string> {
  const url = new URL((await discover(details.oidc_issuer ?? '')).authorization_endpoint);
  url.searchParams.set('client_id', details.client_id ?? '');
  url.searchParams.set('redirect_uri', request.redirectUri);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', details.authorize_scopes ?? 'openid');
  url.searchParams.set('state', request.state);
  url.searchParams.set('nonce', request.nonce);
  if (request.hint) url.searchParams.set('login_hint', request.hint);
  return url.href;
}

/**
 * Redeems a code and checks the ID token: signed by a key that the issuer publishes, made by it for this client, with the nonce that
 * was sent, and not expired.
 * @throws {AwsError} `NotAuthorizedException`
 */
export async function redeem(
  { details }: IdentityProvider,
  request: { readonly code: string; readonly redirectUri: string; readonly nonce: string; readonly now: Date },
): Promise<Assertion> {
  const { issuer, token_endpoint, jwks_uri } = await discover(details.oidc_issuer ?? '');
  const text = await readPublished(token_endpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${encodeURIComponent(details.client_id ?? '')}:${encodeURIComponent(details.client_secret ?? '')}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: request.code,
      redirect_uri: request.redirectUri,
    }),
  }).catch(() => {
    throw notAuthorized('The provider does not take the code.');
  });
  const tokens = tokensSchema.safeParse(JSON.parse(text));
  if (!tokens.success) throw notAuthorized('The provider gave no ID token.');
  try {
    const { payload } = await jwtVerify(tokens.data.id_token, createRemoteJWKSet(new URL(jwks_uri)), {
      issuer,
      audience: details.client_id ?? '',
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: request.now,
    });
    if (payload.nonce !== request.nonce) throw notAuthorized('The nonce of the ID token is not the one that was sent.');
    const claims = Object.entries(payload).flatMap(([name, value]) => {
      const claim = claimSchema.safeParse(value);
      return claim.success ? [[name, claim.data] as const] : [];
    });
    return { subject: String(payload.sub), claims: Object.fromEntries(claims) };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw notAuthorized(`The ID token is not good: ${error.message}`);
    throw error;
  }
}
