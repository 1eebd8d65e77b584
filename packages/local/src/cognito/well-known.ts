import type { PageResponse } from '../mail/page-server.ts';
import type { UserPool, UserPools } from './user-pool.ts';

const PATH = /^\/([\w-]+_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

function discovery({ issuer }: UserPool, hostedUiUrl: string): object {
  return {
    issuer,
    authorization_endpoint: `${hostedUiUrl}/oauth2/authorize`,
    token_endpoint: `${hostedUiUrl}/oauth2/token`,
    userinfo_endpoint: `${hostedUiUrl}/oauth2/userInfo`,
    revocation_endpoint: `${hostedUiUrl}/oauth2/revoke`,
    end_session_endpoint: `${hostedUiUrl}/logout`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['none'],
  };
}

/** The key set or the discovery document of a pool; undefined for any other path. */
export function answerWellKnown(pools: UserPools, hostedUiUrl: string, path: string): PageResponse | undefined {
  const [, id, document] = PATH.exec(path) ?? [];
  const pool = pools.all().find(({ spec }) => spec.id === id);
  if (pool === undefined) return undefined;
  const body = document === 'jwks.json' ? { keys: [pool.key.publicJwk] } : discovery(pool, hostedUiUrl);
  return {
    headers: {
      'content-type': 'application/json',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=300',
    },
    body: JSON.stringify(body),
  };
}
