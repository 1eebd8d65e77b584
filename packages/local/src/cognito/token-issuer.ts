import { createHash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { attributeClaims, type Claims, changeClaims, RESERVED_CLAIMS, reservedWishes } from './claims.ts';
import { notAuthorized } from './errors.ts';
import type { ClientSpec, PoolSpec } from './pool-spec.ts';
import {
  askPreTokenTrigger,
  type InvokeTrigger,
  type Overrides,
  preTokenEvent,
  type TriggerSource,
} from './pre-token-trigger.ts';
import type { Session, SessionStore } from './session-store.ts';
import type { SigningKey } from './signing-key.ts';
import { type User, type UserStore, userNameOf } from './user-store.ts';

/** The scope that lets an access token call the user's own operations. */
export const USER_ADMIN_SCOPE = 'aws.cognito.signin.user.admin';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Tokens {
  readonly accessToken: string;
  /** Absent when the code flow did not ask for `openid`. */
  readonly idToken?: string;
  /** Absent after a refresh: the old one goes on. */
  readonly refreshToken?: string;
  /** Of the access token, in seconds. */
  readonly expiresIn: number;
  readonly originJti: string;
}

export interface SignedIn {
  readonly user: User;
  readonly client: ClientSpec;
  readonly source: TriggerSource;
  readonly scopes: readonly string[];
  readonly hosted: boolean;
  /** In seconds; now when not given. */
  readonly authTime?: number;
  readonly nonce?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** Who an access token speaks for. */
export interface AccessTokenHolder {
  readonly user: User;
  readonly clientId: string;
  readonly originJti: string;
  readonly scopes: readonly string[];
}

export interface TokenIssuerOptions {
  readonly spec: PoolSpec;
  readonly region: string;
  /** `<issuerBase>/<poolId>` */
  readonly issuer: string;
  readonly key: SigningKey;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly invokeTrigger: InvokeTrigger;
  readonly triggerTimeoutMs: number;
  readonly now: () => number;
  readonly randomUuid: () => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly warn: (message: string) => void;
}

interface Generation {
  readonly user: User;
  readonly client: ClientSpec;
  readonly session: Session;
  readonly source: TriggerSource;
  readonly nonce?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** Makes, refreshes and checks the tokens of one pool. */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
  }

  /**
   * Tokens of a new sign-in. Nothing is kept when the trigger fails.
   * @throws {AwsError} what `askPreTokenTrigger` throws
   */
  async signIn(signedIn: SignedIn): Promise<Tokens> {
    const { now, randomUuid, randomBytes, sessions } = this.#options;
    const session: Session = {
      originJti: randomUuid(),
      sub: signedIn.user.sub,
      clientId: signedIn.client.id,
      scopes: signedIn.scopes,
      hosted: signedIn.hosted,
      authTime: signedIn.authTime ?? Math.floor(now() / 1000),
      expiresAt: now() + signedIn.client.refreshTokenDays * DAY_MS,
      revokedAt: undefined,
    };
    const tokens = await this.#generate({ ...signedIn, session });
    const refreshToken = randomBytes(96).toString('base64url');
    sessions.add(session, refreshToken);
    return { ...tokens, refreshToken };
  }

  /** @throws {AwsError} `NotAuthorizedException` for every token that is not good any more, or what the trigger makes */
  async refresh(
    client: ClientSpec,
    refreshToken: string,
    clientMetadata?: Readonly<Record<string, string>>,
  ): Promise<Tokens> {
    const { sessions, users, now } = this.#options;
    const session = sessions.byRefreshToken(refreshToken);
    if (session === undefined || session.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
    if (session.revokedAt !== undefined) throw notAuthorized('Refresh Token has been revoked');
    if (session.expiresAt <= now()) throw notAuthorized('Refresh Token has expired');
    const user = users.find(session.sub);
    if (user === undefined) throw notAuthorized('Invalid Refresh Token');
    if (!user.enabled) throw notAuthorized('User is disabled.');
    return this.#generate({ user, client, session, source: 'TokenGeneration_RefreshTokens', clientMetadata });
  }

  /**
   * @returns who the token speaks for, when it is good, its sign-in was not ended and its user may act
   * @throws {AwsError} `NotAuthorizedException`
   */
  async accessTokenHolder(token: string): Promise<AccessTokenHolder> {
    const { key, issuer, now, sessions, users } = this.#options;
    const claims = await jwtVerify(token, key.publicKey, {
      issuer,
      algorithms: ['RS256'],
      currentDate: new Date(now()),
    }).then(
      ({ payload }) => payload as Claims,
      (error: unknown) => {
        throw notAuthorized(error instanceof errors.JWTExpired ? 'Access Token has expired' : 'Invalid Access Token');
      },
    );
    if (claims.token_use !== 'access') throw notAuthorized('Invalid Access Token');
    const session = sessions.get(String(claims.origin_jti));
    if (session === undefined || session.revokedAt !== undefined) {
      throw notAuthorized('Access Token has been revoked');
    }
    const user = users.find(session.sub);
    if (user === undefined) throw notAuthorized('Invalid Access Token');
    if (!user.enabled) throw notAuthorized('User is disabled.');
    const scopes = String(claims.scope).split(' ');
    return { user, clientId: session.clientId, originJti: session.originJti, scopes };
  }

  /** The groups of a user that the pool still has, the lowest precedence first. */
  groups(user: User): string[] {
    const { spec, users } = this.#options;
    const names = new Set(users.groupNames(user.sub));
    return spec.groups
      .filter((group) => names.has(group.name))
      .sort((a, b) => (a.precedence ?? Infinity) - (b.precedence ?? Infinity) || a.name.localeCompare(b.name))
      .map((group) => group.name);
  }

  async #generate(generation: Generation): Promise<Tokens> {
    const { now, randomUuid } = this.#options;
    const { user, client, session, nonce } = generation;
    const overrides = await this.#overrides(generation);
    const groups = overrides.groupOverrideDetails?.groupsToOverride ?? this.groups(user);
    const issuedAt = Math.floor(now() / 1000);
    const common = {
      sub: user.sub,
      ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
      iss: this.#options.issuer,
      origin_jti: session.originJti,
      event_id: randomUuid(),
      auth_time: session.authTime,
      iat: issuedAt,
    };
    const accessToken = await this.#sign(
      this.#changed('access', overrides.accessTokenGeneration ?? {}, {
        ...common,
        ...(session.hosted ? { version: 2 } : {}),
        client_id: client.id,
        token_use: 'access',
        scope: changedScopes(session.scopes, overrides).join(' '),
        exp: issuedAt + (client.accessTokenMinutes * MINUTE_MS) / 1000,
        jti: randomUuid(),
        username: userNameOf(user),
      }),
    );
    const expiresIn = client.accessTokenMinutes * 60;
    const tokens = { accessToken, expiresIn, originJti: session.originJti };
    if (session.hosted && !session.scopes.includes('openid')) return tokens;
    const idToken = await this.#sign(
      this.#changed('id', overrides.idTokenGeneration ?? {}, {
        ...attributeClaims(user.attributes),
        ...common,
        ...(session.hosted ? { at_hash: accessTokenHash(accessToken) } : {}),
        ...(nonce === undefined ? {} : { nonce }),
        'cognito:username': userNameOf(user),
        aud: client.id,
        token_use: 'id',
        exp: issuedAt + (client.idTokenMinutes * MINUTE_MS) / 1000,
        jti: randomUuid(),
      }),
    );
    return { ...tokens, idToken };
  }

  async #overrides({ source, user, client, session, clientMetadata }: Generation): Promise<Overrides> {
    const { spec, region, invokeTrigger, triggerTimeoutMs } = this.#options;
    if (spec.preTokenTriggerArn === undefined) return {};
    const event = preTokenEvent(spec, region, {
      source,
      user,
      clientId: client.id,
      groups: this.groups(user),
      scopes: session.scopes,
      clientMetadata,
    });
    return askPreTokenTrigger(invokeTrigger, spec.preTokenTriggerArn, event, triggerTimeoutMs);
  }

  #changed(kind: 'id' | 'access', changes: NonNullable<Overrides['idTokenGeneration']>, claims: Claims): Claims {
    const refused = reservedWishes(changes, RESERVED_CLAIMS[kind]);
    if (refused.length > 0) {
      this.#options.warn(
        `The pre-token trigger of ${this.#options.spec.name} cannot change ${refused.join(', ')} in the ${kind} token; Cognito keeps its own value.`,
      );
    }
    return changeClaims(claims, changes, RESERVED_CLAIMS[kind]);
  }

  #sign(claims: Claims): Promise<string> {
    const { key } = this.#options;
    return new SignJWT({ ...claims }).setProtectedHeader({ kid: key.kid, alg: 'RS256' }).sign(key.privateKey);
  }
}

function changedScopes(scopes: readonly string[], overrides: Overrides): string[] {
  const { scopesToAdd, scopesToSuppress } = overrides.accessTokenGeneration ?? {};
  const kept = scopes.filter((scope) => !(scopesToSuppress ?? []).includes(scope));
  return [...new Set([...kept, ...(scopesToAdd ?? [])])];
}

/** The left half of the SHA-256 of an access token, by which an ID token is bound to it. */
function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
