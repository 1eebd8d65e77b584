import { createHash, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../aws/engine.ts';
import type { PageRequest, PageResponse } from '../../mail/page-server.ts';
import { hasCode } from '../errors.ts';
import type { ClientSpec } from '../pool-spec.ts';
import type { Tokens } from '../token-issuer.ts';
import type { PoolAndClient, UserPool, UserPools } from '../user-pool.ts';
import { userNameOf } from '../user-store.ts';
import type { AuthorizationCodeStore, Grant } from './authorization-code-store.ts';

/** What the OAuth endpoints work on. */
export interface OAuthContext {
  readonly pools: UserPools;
  readonly codes: AuthorizationCodeStore;
}

/** A refusal as RFC 6749 writes it. */
class OAuthError extends Error {
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };
const VERIFIER = /^[\w.~-]{43,128}$/;
/** Who has `openid` alone learns no more than the subject. */
const EMAIL_ATTRIBUTES = ['email', 'email_verified'];
const PHONE_ATTRIBUTES = ['phone_number', 'phone_number_verified'];

function json(body: object, status = 200, headers: PageResponse['headers'] = {}): PageResponse {
  return {
    status,
    headers: { ...NO_STORE, 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  };
}

function parameter(form: URLSearchParams, name: string): string {
  const values = form.getAll(name);
  if (values.length > 1) throw new OAuthError('invalid_request', `${name} is given more than once`);
  const [value = ''] = values;
  if (value === '') throw new OAuthError('invalid_request', `${name} is missing`);
  return value;
}

function clientOf(pools: UserPools, request: PageRequest, form: URLSearchParams): PoolAndClient {
  if (request.headers.authorization !== undefined) {
    throw new OAuthError('invalid_client', 'the client has no secret', 401);
  }
  try {
    return pools.byClient(parameter(form, 'client_id'));
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) throw new OAuthError('invalid_client', 'unknown client');
    throw error;
  }
}

function verifierMatches(verifier: string, challenge: string): boolean {
  const derived = Buffer.from(createHash('sha256').update(verifier).digest('base64url'));
  const expected = Buffer.from(challenge);
  return derived.length === expected.length && timingSafeEqual(derived, expected);
}

/** @throws {OAuthError} `invalid_grant`; a code that comes a second time also ends what the first use began */
function takeGrant({ codes }: OAuthContext, { pool, client }: PoolAndClient, form: URLSearchParams): Grant {
  const refuse = (reason: string) => new OAuthError('invalid_grant', reason);
  const code = parameter(form, 'code');
  const redirectUri = parameter(form, 'redirect_uri');
  const verifier = parameter(form, 'code_verifier');
  const presented = codes.present(code);
  if (presented.kind === 'unknown') throw refuse('the code is unknown or has expired');
  const { grant } = presented;
  if (presented.kind === 'reused') {
    if (grant.poolId === pool.spec.id && presented.originJti !== undefined) pool.sessions.revoke(presented.originJti);
    throw refuse('the code was already used');
  }
  if (grant.poolId !== pool.spec.id || grant.clientId !== client.id) throw refuse('the code is of another client');
  if (grant.redirectUri !== redirectUri) throw refuse('redirect_uri is not that of the authorization');
  if (!VERIFIER.test(verifier) || !verifierMatches(verifier, grant.codeChallenge)) {
    throw refuse('code_verifier does not match the challenge');
  }
  return grant;
}

async function exchangeCode(context: OAuthContext, at: PoolAndClient, form: URLSearchParams): Promise<Tokens> {
  const grant = takeGrant(context, at, form);
  const { pool, client } = at;
  const user = pool.users.find(grant.sub);
  if (user?.enabled !== true) throw new OAuthError('invalid_grant', 'the user is disabled or gone');
  const { scopes, nonce, authTime } = grant;
  const source = 'TokenGeneration_HostedAuth';
  const tokens = await pool.tokens.signIn({ user, client, source, scopes, nonce, authTime, hosted: true });
  context.codes.ledTo(parameter(form, 'code'), tokens.originJti);
  return tokens;
}

const GRANTS: Readonly<
  Record<string, (context: OAuthContext, at: PoolAndClient, form: URLSearchParams) => Promise<Tokens>>
> = {
  authorization_code: exchangeCode,
  refresh_token: (_context, { pool, client }, form) => pool.tokens.refresh(client, parameter(form, 'refresh_token')),
};

function formOf(request: PageRequest): URLSearchParams {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    throw new OAuthError('invalid_request', 'the body must be application/x-www-form-urlencoded');
  }
  return new URLSearchParams(request.body);
}

async function token(context: OAuthContext, request: PageRequest): Promise<PageResponse> {
  const form = formOf(request);
  const grantType = parameter(form, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) throw new OAuthError('unsupported_grant_type', `${grantType} is not supported`);
  const tokens = await grant(context, clientOf(context.pools, request, form), form);
  return json({
    access_token: tokens.accessToken,
    id_token: tokens.idToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
  });
}

async function revoke(context: OAuthContext, request: PageRequest): Promise<PageResponse> {
  const form = formOf(request);
  const { pool, client } = clientOf(context.pools, request, form);
  const secret = parameter(form, 'token');
  if (secret.split('.').length === 3) {
    throw new OAuthError('unsupported_token_type', 'only refresh tokens can be revoked');
  }
  const session = pool.sessions.byRefreshToken(secret);
  // An unknown token is as good as revoked (RFC 7009).
  if (session?.clientId === client.id) pool.sessions.revoke(session.originJti);
  return { status: 200, headers: NO_STORE };
}

async function userInfo({ pools }: OAuthContext, request: PageRequest): Promise<PageResponse> {
  const [, bearer] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const refusal = (error: string, status: number) =>
    json({ error }, status, { 'www-authenticate': `Bearer error="${error}"` });
  if (bearer === undefined) return refusal('invalid_request', 400);
  try {
    const { holder } = await pools.holderOf(bearer);
    if (!holder.scopes.includes('openid')) return refusal('insufficient_scope', 403);
    const { user, scopes } = holder;
    const shown = Object.entries(user.attributes).filter(([name]) => {
      if (EMAIL_ATTRIBUTES.includes(name)) return scopes.includes('email');
      if (PHONE_ATTRIBUTES.includes(name)) return scopes.includes('phone');
      return scopes.includes('profile');
    });
    return json({ sub: user.sub, ...Object.fromEntries(shown), username: userNameOf(user) });
  } catch (error) {
    if (hasCode(error, 'NotAuthorizedException')) return refusal('invalid_token', 401);
    throw error;
  }
}

const ENDPOINTS: Readonly<
  Record<
    string,
    {
      readonly methods: readonly string[];
      readonly answer: (context: OAuthContext, request: PageRequest) => Promise<PageResponse>;
    }
  >
> = {
  '/oauth2/token': { methods: ['POST'], answer: token },
  '/oauth2/revoke': { methods: ['POST'], answer: revoke },
  '/oauth2/userInfo': { methods: ['GET', 'POST'], answer: userInfo },
};

function callbackOrigins({ spec }: UserPool): string[] {
  return spec.clients.flatMap((client: ClientSpec) => client.callbackUrls.map((url) => new URL(url).origin));
}

function corsHeaders(pools: UserPools, request: PageRequest): Record<string, string> {
  const { origin } = request.headers;
  const allowed =
    origin !== undefined && origin !== 'null' && pools.all().some((pool) => callbackOrigins(pool).includes(origin));
  return allowed ? { vary: 'Origin', 'access-control-allow-origin': origin } : { vary: 'Origin' };
}

/** Turns what an endpoint threw into what its caller may know. */
function refusal(error: unknown): PageResponse {
  if (error instanceof OAuthError) return json({ error: error.error, error_description: error.message }, error.status);
  if (error instanceof AwsError) {
    const kind = error.code === 'NotAuthorizedException' ? 'invalid_grant' : 'invalid_request';
    return json({ error: kind, error_description: error.message }, 400);
  }
  throw error;
}

/** Answers the endpoints that apps call themselves; undefined for any other path. */
export async function answerOAuth(context: OAuthContext, request: PageRequest): Promise<PageResponse | undefined> {
  const path = request.url.pathname;
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (endpoint === undefined) return undefined;
  const cors = corsHeaders(context.pools, request);
  const allow = endpoint.methods.join(', ');
  if (request.method === 'OPTIONS') {
    const headers = { 'access-control-allow-headers': 'authorization, content-type', 'access-control-max-age': '600' };
    return { status: 204, headers: { ...cors, ...headers, 'access-control-allow-methods': allow } };
  }
  if (!endpoint.methods.includes(request.method)) return { status: 405, headers: { allow } };
  const response = await endpoint.answer(context, request).catch(refusal);
  return { ...response, headers: { ...response.headers, ...cors } };
}
