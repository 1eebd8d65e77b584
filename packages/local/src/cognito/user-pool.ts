import type { MailEngine } from '../mail/engine.ts';
import type { CodeStore } from './code-store.ts';
import { notAuthorized, resourceNotFound } from './errors.ts';
import type { FlowStore } from './flow-store.ts';
import type { IdentityProviderStore } from './identity-provider-store.ts';
import type { ClientSpec, PoolSpec } from './pool-spec.ts';
import type { SessionStore } from './session-store.ts';
import type { SigningKey } from './signing-key.ts';
import { type AccessTokenHolder, type TokenIssuer, USER_ADMIN_SCOPE } from './token-issuer.ts';
import type { UserStore } from './user-store.ts';
import type { AskUserTrigger } from './user-triggers.ts';

/** One pool at work: its description and everything that it keeps. */
export interface UserPool {
  readonly spec: PoolSpec & { readonly clients: ClientSpec[] };
  readonly key: SigningKey;
  readonly issuer: string;
  readonly users: UserStore;
  readonly providers: IdentityProviderStore;
  readonly askTrigger: AskUserTrigger;
  readonly codes: CodeStore;
  readonly sessions: SessionStore;
  readonly flows: FlowStore;
  readonly tokens: TokenIssuer;
  readonly mail: Pick<MailEngine, 'send'>;
  readonly now: () => number;
  readonly randomUuid: () => string;
  readonly randomBytes: (size: number) => Buffer;
}

export interface PoolAndClient {
  readonly pool: UserPool;
  readonly client: ClientSpec;
}

/** Every pool of the local cloud, found by what a request carries. */
export class UserPools {
  readonly #pools: readonly UserPool[];

  constructor(pools: readonly UserPool[]) {
    this.#pools = pools;
  }

  all(): readonly UserPool[] {
    return this.#pools;
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  byId(id: string): UserPool {
    const pool = this.#pools.find(({ spec }) => spec.id === id);
    if (pool === undefined) throw resourceNotFound(`User pool ${id} does not exist.`);
    return pool;
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  byClient(clientId: string): PoolAndClient {
    for (const pool of this.#pools) {
      const client = pool.spec.clients.find(({ id }) => id === clientId);
      if (client !== undefined) return { pool, client };
    }
    throw resourceNotFound(`User pool client ${clientId} does not exist.`);
  }

  /**
   * Gives a client other settings until the engine starts again, when the program's own count; which providers it offers is kept by
   * the store of providers.
   */
  replaceClient(pool: UserPool, client: ClientSpec): void {
    const index = pool.spec.clients.findIndex(({ id }) => id === client.id);
    pool.spec.clients.splice(index, 1, client);
  }

  /**
   * The pool and user of an access token that may call the user's own operations.
   * @throws {AwsError} `NotAuthorizedException`
   */
  async byAccessToken(token: string): Promise<{ readonly pool: UserPool; readonly holder: AccessTokenHolder }> {
    const found = await this.holderOf(token);
    if (!found.holder.scopes.includes(USER_ADMIN_SCOPE)) {
      throw notAuthorized('Access Token does not have required scopes');
    }
    return found;
  }

  /** Like `byAccessToken`, with whatever scopes the token has. */
  async holderOf(token: string): Promise<{ readonly pool: UserPool; readonly holder: AccessTokenHolder }> {
    const pool = this.#pools.find(({ issuer }) => issuer === unverifiedIssuer(token));
    if (pool === undefined) throw notAuthorized('Invalid Access Token');
    return { pool, holder: await pool.tokens.accessTokenHolder(token) };
  }
}

/** Only tells which of our own keys to try; the verification follows with that key. */
function unverifiedIssuer(token: string): unknown {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return payload !== null && typeof payload === 'object' && 'iss' in payload ? payload.iss : undefined;
  } catch {
    return undefined;
  }
}
