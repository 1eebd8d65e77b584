import { setTimeout as wait } from 'node:timers/promises';
import { ssoLinked } from '@tenantry/core/contract/sso-linked';
import type { TierName } from '@tenantry/core/tier/catalogue';
import { HostedUiVisitor, type OAuthTokens, type Visited } from '../cognito/hosted/visitor.ts';
import { type ApiClient, createApiClient } from './api-client.ts';

/** The addresses of a running instance, and how its console signs in. */
export interface Instance {
  readonly siteUrl: string;
  readonly loginUrl: string;
  readonly inboxUrl: string;
  readonly stripeUrl: string;
  readonly clientId: string;
}

const POLL_MS = 100;

/** Asks again until there is an answer. @throws {Error} naming `what` when there is none in time */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s.`);
    await wait(POLL_MS);
  }
}

/** Somebody who uses the product from the outside: by the hosted pages, the inbox, the API and the payment page alone. */
export class Person {
  readonly email: string;
  readonly api: ApiClient;
  readonly #instance: Instance;
  readonly #visitor: HostedUiVisitor;
  #tokens: OAuthTokens | undefined;

  constructor(instance: Instance, email: string) {
    this.email = email;
    this.#instance = instance;
    this.api = createApiClient(instance.siteUrl);
    this.#visitor = new HostedUiVisitor({
      hostedUiUrl: instance.loginUrl,
      clientId: instance.clientId,
      redirectUri: `${instance.siteUrl}/auth/callback`,
      scopes: ['openid', 'email', 'profile'],
    });
  }

  get accessToken(): string {
    if (!this.#tokens) throw new Error(`${this.email} is not signed in.`);
    return this.#tokens.access_token;
  }

  /** Signs up by the hosted pages, with the code from the inbox. */
  async signUp(password = 'Correct-horse-7-battery'): Promise<void> {
    const code = await this.#visitor.signUp(this.email, password, () => this.#readCode());
    this.#tokens = await this.#visitor.exchange(code);
  }

  async signIn(password = 'Correct-horse-7-battery'): Promise<void> {
    this.#tokens = await this.#visitor.exchange(await this.#visitor.signIn(this.email, password));
  }

  /**
   * Signs in by a company's provider, as the site does: once more when the first time linked it to a user that was there.
   * @param asserted what the provider says of the person
   * @throws {Error} with what the sign-in returned with instead of a code
   */
  async signInBy(
    provider: string,
    asserted: { readonly email?: string; readonly subject?: string } = {},
  ): Promise<void> {
    const visited = await this.#visitBy(provider, asserted);
    const linked = visited.returned?.get('error_description')?.includes(ssoLinked);
    const end = linked ? await this.#visitBy(provider, asserted) : visited;
    const refusal = end.returned?.get('error_description');
    if (refusal) throw new Error(refusal);
    this.#tokens = await this.#visitor.exchange(this.#visitor.redeemable(end));
  }

  async #visitBy(provider: string, asserted: { readonly email?: string; readonly subject?: string }): Promise<Visited> {
    const page = await this.#visitor.open('/oauth2/authorize', { identity_provider: provider });
    if (page.returned?.get('error')) return page;
    const answer = await fetch(page.url, {
      method: 'POST',
      body: new URLSearchParams({ email: asserted.email ?? this.email, subject: asserted.subject ?? '' }),
      redirect: 'manual',
    });
    const back = answer.headers.get('location');
    if (back) return this.#visitor.resume(new URL(back));
    const body = await answer.text();
    const [, action] = /<form method="post" action="([^"]+)"/.exec(body) ?? [];
    if (!action) throw new Error(`The provider answered ${answer.status} ${body}`);
    const posted = [...body.matchAll(/name="(SAMLResponse|RelayState)" value="([^"]*)"/g)];
    const form = new URLSearchParams();
    for (const [, name = '', value = ''] of posted) form.set(name, value);
    return this.#visitor.resume(new URL(action), form);
  }

  /** A new access token, with what has changed since the last. */
  async refresh(): Promise<void> {
    const refreshToken = this.#tokens?.refresh_token;
    if (!refreshToken) throw new Error(`${this.email} has no refresh token.`);
    this.#tokens = { ...(await this.#visitor.refresh(refreshToken)), refresh_token: refreshToken };
  }

  /** @returns the payment page of the new company */
  async register(company: { readonly name: string; readonly slug: string; readonly tier: TierName }): Promise<{
    readonly tenantId: string;
    readonly checkoutUrl: string;
  }> {
    const { tenant, checkoutUrl } = await this.api('registerTenant', { bearer: this.accessToken, body: company });
    await this.refresh();
    return { tenantId: tenant.id, checkoutUrl };
  }

  /** Pays on the hosted page with a test card. */
  async pay(checkoutUrl: string, card = '4242424242424242'): Promise<void> {
    const session = new URL(checkoutUrl).pathname.split('/').at(-1) ?? '';
    const response = await fetch(`${this.#instance.stripeUrl}/_local/checkout/${session}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ card }),
    });
    if (!response.ok) throw new Error(`The payment was refused: ${await response.text()}`);
  }

  /**
   * Waits until the onboarding ended. @returns its steps @throws {Error} with the reason when it failed
   * @param run the attempt that must have ended
   */
  async onboarded({ run = 1, timeoutMs = 60_000 } = {}) {
    const ended = await until(
      'The onboarding',
      async () => {
        const timeline = await this.api('getOnboarding', { bearer: this.accessToken });
        const ended = timeline.status === 'active' || timeline.status === 'failed';
        return ended && timeline.run >= run ? timeline : undefined;
      },
      timeoutMs,
    );
    if (ended.status === 'failed') {
      const failed = ended.steps.find(({ outcome }) => outcome === 'failed');
      throw new Error(`The onboarding failed at ${failed?.step ?? 'its begin'}: ${failed?.reason ?? 'no reason'}`);
    }
    await this.refresh();
    return ended.steps;
  }

  async createKey(kind: 'publishable' | 'secret'): Promise<string> {
    const { secret } = await this.api('createApiKey', {
      bearer: this.accessToken,
      body: { name: `Demo ${kind}`, kind },
    });
    return secret;
  }

  async #readCode(): Promise<string> {
    return until('The confirmation code', async () => {
      const response = await fetch(`${this.#instance.inboxUrl}/api/messages?to=${encodeURIComponent(this.email)}`);
      const found = /\b(\d{6})\b/.exec(JSON.stringify(await response.json()));
      return found?.[1];
    });
  }
}
