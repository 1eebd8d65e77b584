import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';

const DEADLINE_MS = 8000;

const tokensSchema = z.object({
  access_token: z.string(),
  /** Absent where the one that was sent stays good. */
  refresh_token: z.string().optional(),
  expires_in: z.int().positive(),
});

const refusalSchema = z.object({ error_description: z.string().max(1000) });

/** The trigger that decides on tokens says why it refuses somebody; everything else is told alike. */
async function refusalOf(response: Response): Promise<DomainError> {
  const body = refusalSchema.safeParse(await response.json().catch(() => undefined));
  const reason = /^PreTokenGeneration failed with error (.+?)\.?$/.exec(body.data?.error_description ?? '')?.[1];
  return reason ? new DomainError('forbidden', `${reason}.`) : new DomainError('unauthenticated', 'Sign in again.');
}

export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

/** The endpoints of the hosted login that give tokens and take them back. */
export interface HostedLogin {
  /** @throws {DomainError} `unauthenticated` when the code or its verifier is not good, `unavailable` */
  redeem(code: string, verifier: string): Promise<LoginTokens>;
  /** @throws {DomainError} `unauthenticated` when the session is over, `unavailable` */
  renew(refreshToken: string): Promise<LoginTokens>;
  /** Ends the session; one that is over already is as good as ended. @throws {DomainError} `unavailable` */
  revoke(refreshToken: string): Promise<void>;
}

/** A public client of the user pool: what proves that it began the sign-in is the code verifier, and no secret. */
export function createHostedLogin(options: {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
}): HostedLogin {
  const { loginUrl, clientId, redirectUri } = options;

  async function post(path: string, parameters: Readonly<Record<string, string>>): Promise<Response> {
    const unavailable = (cause: unknown) =>
      new DomainError('unavailable', 'The sign-in does not answer at the moment.', { cause, retryAfterSeconds: 1 });
    let response: Response;
    try {
      response = await fetch(`${loginUrl}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, ...parameters }),
        signal: AbortSignal.timeout(DEADLINE_MS),
        redirect: 'error',
      });
    } catch (cause) {
      throw unavailable(cause);
    }
    // Too many requests say nothing about the session.
    if (response.status >= 500 || response.status === 429) throw unavailable(`The login answered ${response.status}.`);
    return response;
  }

  async function tokens(parameters: Readonly<Record<string, string>>): Promise<LoginTokens> {
    const response = await post('/oauth2/token', parameters);
    if (!response.ok) throw await refusalOf(response);
    const { access_token, refresh_token, expires_in } = tokensSchema.parse(await response.json());
    return { accessToken: access_token, refreshToken: refresh_token, expiresIn: expires_in };
  }

  return {
    redeem: (code, verifier) =>
      tokens({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }),
    renew: (refreshToken) => tokens({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    async revoke(refreshToken) {
      await post('/oauth2/revoke', { token: refreshToken });
    },
  };
}
