import { AwsError } from '../../aws/engine.ts';
import type { PageRequest, PageResponse } from '../../mail/page-server.ts';
import { notAuthorized } from '../errors.ts';
import { federatedUser } from '../federation/federated-user.ts';
import { authorizeUrl, redeem } from '../federation/oidc.ts';
import { checkSamlResponse, samlRequestUrl } from '../federation/saml.ts';
import type { IdentityProvider } from '../identity-provider-store.ts';
import type { UserPool, UserPools } from '../user-pool.ts';
import { type AuthorizeRequest, parseAuthorizeRequest, withParameters } from './authorize-request.ts';
import { COOKIES, cookie, expiredCookie } from './cookies.ts';
import { goOn, redirect, type Visit } from './visit.ts';

/** Where providers of OpenID Connect send the browser back to, and those of SAML have it post to. */
export const FEDERATION_PATH = '/oauth2/idpresponse';
export const SAML_PATH = '/saml2/idpresponse';

const LIFETIME_MS = 10 * 60_000;

/** Tells the app, as AWS does: by parameters of the redirect. */
function toAppWithError({ request }: Visit, message: string): PageResponse {
  const { redirectUri, state } = request;
  return redirect(withParameters(redirectUri, { error: 'invalid_request', error_description: message, state }), [
    expiredCookie(COOKIES.flow),
  ]);
}

/** The name of a request of SAML, which may not begin with a digit. */
const requestId = (nonce: string): string => `_${nonce}`;

function addressOf(visit: Visit, provider: IdentityProvider, state: string, nonce: string): Promise<string> {
  const { pool } = visit.request;
  if (provider.type === 'SAML') {
    return samlRequestUrl(provider, {
      id: requestId(nonce),
      relayState: state,
      poolId: pool.spec.id,
      acsUrl: `${visit.hostedUiUrl}${SAML_PATH}`,
      now: new Date(pool.now()),
    });
  }
  const hint = visit.url.searchParams.get('login_hint') ?? '';
  return authorizeUrl(provider, { redirectUri: `${visit.hostedUiUrl}${FEDERATION_PATH}`, state, nonce, hint });
}

/** What the provider says of whoever comes back. */
function assertionOf(visit: Visit, provider: IdentityProvider, nonce: string, answer: URLSearchParams) {
  const { pool } = visit.request;
  const now = new Date(pool.now());
  if (provider.type === 'SAML') {
    const acsUrl = `${visit.hostedUiUrl}${SAML_PATH}`;
    const wanted = { requestId: requestId(nonce), poolId: pool.spec.id, acsUrl, now };
    return checkSamlResponse(provider, answer.get('SAMLResponse') ?? '', wanted);
  }
  const refusal = answer.get('error');
  if (refusal !== null) throw notAuthorized(answer.get('error_description') ?? refusal);
  const redirectUri = `${visit.hostedUiUrl}${FEDERATION_PATH}`;
  return redeem(provider, { code: answer.get('code') ?? '', redirectUri, nonce, now });
}

/** Sends the browser to an identity provider. The state is known to this browser alone, by its cookie. */
export async function leaveForProvider(visit: Visit, name: string): Promise<PageResponse> {
  const { pool, client } = visit.request;
  const nonce = pool.randomBytes(24).toString('base64url');
  const flow = { clientId: client.id, step: 'FEDERATION', sub: '' } as const;
  const state = pool.flows.begin({ ...flow, data: { url: visit.url.href, name, nonce } }, LIFETIME_MS);
  try {
    const location = await addressOf(visit, pool.providers.get(name), state, nonce);
    return redirect(location, [cookie(COOKIES.flow, state)]);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return toAppWithError(visit, error.message);
  }
}

/** The request of the app that a state stands for; undefined when this browser did not begin it, or it is over. */
function takeBack(pools: UserPools, state: string, cookies: ReadonlyMap<string, string>) {
  if (state === '' || cookies.get(COOKIES.flow) !== state) return undefined;
  const pool = pools.all().find((candidate) => candidate.flows.get(state)?.step === 'FEDERATION');
  const flow = pool?.flows.get(state);
  if (pool === undefined || flow === undefined || !pool.flows.end(state)) return undefined;
  const { url = '', name = '', nonce = '' } = flow.data;
  const parsed = parseAuthorizeRequest(pools, new URL(url).searchParams);
  return parsed.kind === 'valid' ? { pool, name, nonce, url: new URL(url), request: parsed.request } : undefined;
}

async function signIn(pool: UserPool, visit: Visit, name: string, nonce: string, answer: URLSearchParams) {
  const provider = pool.providers.get(name);
  return federatedUser(visit.request, provider, await assertionOf(visit, provider, nonce, answer));
}

/**
 * The way back from a provider: the person's user, made where it is the first time, and back to the app with a code.
 * @returns undefined when this browser is not on such a way
 */
export async function returnFromProvider(
  pools: UserPools,
  { request, cookies }: { readonly request: PageRequest; readonly cookies: ReadonlyMap<string, string> },
  visitOf: (original: { readonly url: URL; readonly request: AuthorizeRequest }) => Visit,
): Promise<PageResponse | undefined> {
  const answer = request.method === 'POST' ? new URLSearchParams(request.body) : request.url.searchParams;
  const original = takeBack(pools, answer.get('state') ?? answer.get('RelayState') ?? '', cookies);
  if (original === undefined) return undefined;
  const { pool, name, nonce } = original;
  const visit = visitOf(original);
  try {
    return goOn(visit, { kind: 'done', user: await signIn(pool, visit, name, nonce, answer) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return toAppWithError(visit, error.message);
  }
}
