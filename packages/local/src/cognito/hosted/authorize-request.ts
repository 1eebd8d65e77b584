import { hasCode } from '../errors.ts';
import { OWN_USERS, offeredProviders } from '../operations/client-operations.ts';
import type { PoolAndClient, UserPools } from '../user-pool.ts';

/** What an app asked for when it sent the browser here; already checked. */
export interface AuthorizeRequest extends PoolAndClient {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string;
  readonly prompt: 'none' | 'login' | undefined;
  /** The provider to sign in at, past the sign-in page. */
  readonly identityProvider: string | undefined;
}

export type ParsedAuthorizeRequest =
  | { readonly kind: 'valid'; readonly request: AuthorizeRequest }
  /** The app can be told. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** Nobody can be told but the person, since where to send them is what is wrong. */
  | { readonly kind: 'refused'; readonly reason: 'client' | 'redirectUri' | 'repeated' };

const PARAMETERS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'identity_provider',
] as const;

type Parameters = Readonly<Partial<Record<(typeof PARAMETERS)[number], string>>>;

/** A redirect URI with parameters added to those that it has. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function findClient(pools: UserPools, clientId: string): PoolAndClient | undefined {
  try {
    return pools.byClient(clientId);
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** What is wrong with a request whose client and redirect URI are right; undefined when nothing is. */
function fault(
  { pool, client }: PoolAndClient,
  given: Parameters,
): readonly [error: string, description: string] | undefined {
  if (given.response_type !== 'code') return ['unsupported_response_type', 'response_type must be code'];
  const scopes = given.scope?.split(' ').filter((scope) => scope !== '') ?? [];
  const unknown = scopes.find((scope) => !client.scopes.includes(scope));
  if (unknown !== undefined) return ['invalid_scope', `the client may not ask for ${unknown}`];
  if (given.code_challenge === undefined) return ['invalid_request', 'code_challenge is required'];
  if (given.code_challenge_method !== 'S256') return ['invalid_request', 'code_challenge_method must be S256'];
  if (!/^[\w-]{43}$/.test(given.code_challenge))
    return ['invalid_request', 'code_challenge is not a SHA-256 in base64url'];
  if (given.prompt !== undefined && given.prompt !== 'none' && given.prompt !== 'login') {
    return ['invalid_request', 'prompt must be none or login'];
  }
  if (given.identity_provider !== undefined && !offeredProviders(pool, client).includes(given.identity_provider)) {
    return ['invalid_request', 'the client does not offer this identity_provider'];
  }
  return undefined;
}

/** Checks the parameters of `/oauth2/authorize`, which every hosted page carries along. */
export function parseAuthorizeRequest(pools: UserPools, query: URLSearchParams): ParsedAuthorizeRequest {
  if (PARAMETERS.some((name) => query.getAll(name).length > 1)) return { kind: 'refused', reason: 'repeated' };
  const given: Parameters = Object.fromEntries(
    PARAMETERS.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const at = findClient(pools, given.client_id ?? '');
  if (at === undefined) return { kind: 'refused', reason: 'client' };
  const { redirect_uri: redirectUri = '' } = given;
  if (!at.client.callbackUrls.includes(redirectUri)) return { kind: 'refused', reason: 'redirectUri' };
  const wrong = fault(at, given);
  if (wrong !== undefined) {
    const [error, error_description] = wrong;
    return {
      kind: 'redirect',
      location: withParameters(redirectUri, { error, error_description, state: given.state }),
    };
  }
  const asked = given.scope?.split(' ').filter((scope) => scope !== '') ?? [];
  return {
    kind: 'valid',
    request: {
      ...at,
      redirectUri,
      scopes: asked.length > 0 ? [...new Set(asked)] : at.client.scopes,
      state: given.state,
      nonce: given.nonce,
      codeChallenge: given.code_challenge ?? '',
      prompt: given.prompt as AuthorizeRequest['prompt'],
      identityProvider: given.identity_provider === OWN_USERS ? undefined : given.identity_provider,
    },
  };
}
