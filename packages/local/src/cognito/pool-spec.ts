/** What a new password must have. */
export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
  /** How long a password given by an administrator can be used to sign in for the first time; 7 when not given. */
  readonly temporaryPasswordValidityDays?: number;
}

export interface GroupSpec {
  readonly name: string;
  readonly description?: string;
  /** The lower one comes first in `cognito:groups`. */
  readonly precedence?: number;
}

/** A public app client: it has no secret, so the code flow needs PKCE. */
export interface ClientSpec {
  readonly id: string;
  readonly name: string;
  /** Compared exactly, never by prefix. */
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  /** The scopes that the code flow may ask for. */
  readonly scopes: readonly string[];
  /** `ALLOW_USER_PASSWORD_AUTH`, `ALLOW_USER_SRP_AUTH`, `ALLOW_REFRESH_TOKEN_AUTH`, … */
  readonly authFlows: readonly string[];
  readonly accessTokenMinutes: number;
  readonly idTokenMinutes: number;
  readonly refreshTokenDays: number;
  /** Attributes that a user may write through this client; without it, every standard and every mutable custom one. */
  readonly writeAttributes?: readonly string[];
  /** `COGNITO` for users who sign up here, and names of identity providers; `COGNITO` alone when not given. */
  readonly identityProviders?: readonly string[];
  /** Whether answers hide which users exist; true when not given. */
  readonly preventUserExistenceErrors?: boolean;
}

export interface CustomAttributeSpec {
  /** With its prefix: `custom:plan`. */
  readonly name: string;
  readonly mutable: boolean;
}

/** A mail with marks in place of which the code, and the user's name, are put: `{####}`, `{username}`. */
export interface MailTemplate {
  readonly subject: string;
  readonly html: string;
}

/** A user pool whose users sign in with their email address; the user name is the `sub`. */
export interface PoolSpec {
  /** `us-east-1_` and letters and digits. */
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly passwordPolicy: PasswordPolicy;
  /** Second factor by an authenticator app. */
  readonly mfa: 'OFF' | 'OPTIONAL' | 'ON';
  readonly groups: readonly GroupSpec[];
  readonly clients: readonly ClientSpec[];
  readonly domainPrefix: string;
  readonly customAttributes?: readonly CustomAttributeSpec[];
  /** Whether only administrators create users; false when not given. */
  readonly adminCreateUserOnly?: boolean;
  /** What mails say; Cognito's own words where it is not given. */
  readonly mails?: { readonly code?: MailTemplate; readonly invitation?: MailTemplate };
  /** The function that is asked before every generation of tokens. */
  readonly preTokenTriggerArn?: string;
  /** The function that may refuse a new user. */
  readonly preSignUpTriggerArn?: string;
  /** The function that may refuse a sign-in by password. */
  readonly preAuthenticationTriggerArn?: string;
  /** What policies may ask of the pool by `aws:ResourceTag`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Both give the function the same event for people's sign-ins. */
  readonly preTokenVersion?: 'V2_0' | 'V3_0';
}

/** @throws {Error} when two pools or clients share an id, or a pool is malformed; the message names it */
export function assertPoolSpecs(pools: readonly PoolSpec[]): void {
  const ids = pools.flatMap((pool) => [pool.id, ...pool.clients.map((client) => client.id)]);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new Error(`The id ${repeated} is used by more than one user pool or client.`);
  for (const pool of pools) {
    if (!/^[\w-]+_[0-9a-zA-Z]+$/.test(pool.id)) throw new Error(`${pool.id} is not the id of a user pool.`);
    if (pool.preTokenTriggerArn !== undefined && pool.preTokenVersion === undefined) {
      throw new Error(`User pool ${pool.name} has a pre-token trigger without V2_0 or V3_0 as its version.`);
    }
  }
}
