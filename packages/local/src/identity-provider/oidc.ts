import { randomBytes, timingSafeEqual } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { html } from '../mail/html.ts';
import type { PageRequest, PageResponse } from '../mail/page-server.ts';
import { personForm, providerPage } from './pages.ts';
import { localClient, type Person, personSchema, subjectOf } from './people.ts';

const CODE_LIFETIME_MS = 60_000;
const TOKEN_LIFETIME_SECONDS = 300;

const json = (body: object, status = 200): PageResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

interface Grant {
  readonly realm: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly person: Person;
  readonly expiresAt: number;
}

const equal = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

function isClient(header = ''): boolean {
  const [id = '', secret = ''] = Buffer.from(header.replace(/^Basic /i, ''), 'base64')
    .toString()
    .split(':');
  return equal(id, localClient.id) && equal(decodeURIComponent(secret), localClient.secret);
}

/**
 * OpenID Connect for realms of a local provider: each is an issuer of its own.
 * @param redirectUris where browsers may be sent back to
 */
export async function createOidcProvider(options: {
  readonly url: string;
  readonly redirectUris: readonly string[];
  readonly now: () => number;
}) {
  const { url, redirectUris, now } = options;
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
  const grants = new Map<string, Grant>();
  const issuerOf = (realm: string) => `${url}/${realm}`;

  const authorize = async (realm: string, { method, url: asked, body }: PageRequest): Promise<PageResponse> => {
    const query = asked.searchParams;
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== localClient.id || !redirectUris.includes(redirectUri)) {
      const told = html`<p>The application is not registered here: use the client id <code>${localClient.id}</code>.</p>`;
      return providerPage('Not registered', told, { status: 400 });
    }
    const formTargets = [new URL(redirectUri).origin, ...redirectUris.map((uri) => new URL(uri).origin)];
    const hint = query.get('login_hint') ?? '';
    if (method !== 'POST') return providerPage(`Sign in at ${realm}`, personForm({}, hint), { formTargets: ['*'] });
    const person = personSchema.safeParse(Object.fromEntries(new URLSearchParams(body)));
    if (!person.success) {
      return providerPage(`Sign in at ${realm}`, personForm({}, hint), { status: 400, formTargets });
    }
    const code = randomBytes(24).toString('base64url');
    const nonce = query.get('nonce') ?? '';
    grants.set(code, { realm, redirectUri, nonce, person: person.data, expiresAt: now() + CODE_LIFETIME_MS });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    return { status: 303, headers: { location: back.href } };
  };

  const token = async (realm: string, { headers, body }: PageRequest): Promise<PageResponse> => {
    if (!isClient(headers.authorization)) return json({ error: 'invalid_client' }, 401);
    const form = new URLSearchParams(body);
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const good = grant && grant.realm === realm && grant.expiresAt > now();
    if (!good || grant.redirectUri !== form.get('redirect_uri')) return json({ error: 'invalid_grant' }, 400);
    const { person, nonce } = grant;
    const issuedAt = Math.floor(now() / 1000);
    const idToken = await new SignJWT({ nonce, email: person.email, ...(person.name ? { name: person.name } : {}) })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid })
      .setIssuer(issuerOf(realm))
      .setAudience(localClient.id)
      .setSubject(subjectOf(person))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + TOKEN_LIFETIME_SECONDS)
      .sign(privateKey);
    return json({ id_token: idToken, access_token: code, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS });
  };

  const discovery = (realm: string): PageResponse =>
    json({
      issuer: issuerOf(realm),
      authorization_endpoint: `${issuerOf(realm)}/authorize`,
      token_endpoint: `${issuerOf(realm)}/token`,
      jwks_uri: `${issuerOf(realm)}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });

  /** Undefined for a path that is none of its own. */
  return async (realm: string, path: string, request: PageRequest): Promise<PageResponse | undefined> => {
    switch (`${request.method} ${path}`) {
      case 'GET /.well-known/openid-configuration':
        return discovery(realm);
      case 'GET /jwks':
        return json({ keys: [jwk] });
      case 'GET /authorize':
      case 'POST /authorize':
        return authorize(realm, request);
      case 'POST /token':
        return token(realm, request);
      default:
        return undefined;
    }
  };
}
