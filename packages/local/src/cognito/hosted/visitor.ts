import { createHash, randomBytes } from 'node:crypto';

/** Tokens as `/oauth2/token` gives them. */
export interface OAuthTokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly token_type: string;
  /** Of the access token, in seconds. */
  readonly expires_in: number;
}

export interface VisitorOptions {
  /** Where the hosted pages are, without a trailing slash. */
  readonly hostedUiUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** All of the client's when not given. */
  readonly scopes?: readonly string[];
  /** Asks for pages in this language. */
  readonly language?: 'en' | 'ko';
}

/** What came back from a page: the page, or where it led outside the hosted pages. */
export interface Visited {
  readonly status: number;
  readonly url: URL;
  readonly body: string;
  /** The parameters with which the browser returned to the app; undefined while it is still on the hosted pages. */
  readonly returned: URLSearchParams | undefined;
}

/** A code of the flow with the secret that redeems it. */
export interface RedeemableCode {
  readonly code: string;
  readonly codeVerifier: string;
}

const REDIRECTS_MAX = 10;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** A person without a browser: keeps cookies, follows redirects and fills the forms of the hosted pages. */
export class HostedUiVisitor {
  readonly #options: VisitorOptions;
  readonly #cookies = new Map<string, string>();
  #codeVerifier = '';

  constructor(options: VisitorOptions) {
    this.#options = options;
  }

  /** Opens a hosted page as an app does, with fresh PKCE, state and nonce; `changes` replaces or removes parameters. */
  open(path = '/oauth2/authorize', changes: Readonly<Record<string, string | undefined>> = {}): Promise<Visited> {
    this.#codeVerifier = randomBytes(32).toString('base64url');
    const { clientId, redirectUri, scopes, language } = this.#options;
    const parameters: Record<string, string | undefined> = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: scopes?.join(' '),
      state: randomBytes(8).toString('hex'),
      nonce: randomBytes(8).toString('hex'),
      code_challenge: createHash('sha256').update(this.#codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      lang: language,
      ...changes,
    };
    const url = new URL(path, this.#options.hostedUiUrl);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return this.#follow(url);
  }

  /** Comes back to the hosted pages from where they led, as an identity provider. */
  resume(url: URL, form?: URLSearchParams): Promise<Visited> {
    return this.#follow(url, form);
  }

  /** Fills the page's form and sends it. */
  submit(page: Visited, fields: Readonly<Record<string, string>>): Promise<Visited> {
    const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(page.body) ?? [];
    const [, csrf = ''] = /name="_csrf" value="([^"]*)"/.exec(page.body) ?? [];
    return this.#follow(new URL(unescapeHtml(action), page.url), new URLSearchParams({ _csrf: csrf, ...fields }));
  }

  /**
   * Creates an account, confirms it and returns to the app.
   * @param readCode finds the six digits that were mailed
   * @throws {Error} with what the page says when it does not lead back
   */
  async signUp(email: string, password: string, readCode: () => Promise<string>): Promise<RedeemableCode> {
    const form = await this.open('/signup');
    const confirm = await this.submit(form, { username: email, password });
    if (confirm.url.pathname !== '/confirm') throw new Error(`sign-up was refused: ${pageMessage(confirm)}`);
    return this.redeemable(await this.submit(confirm, { code: await readCode() }));
  }

  /** @throws {Error} with what the page says when it does not lead back, as when a further step is needed */
  async signIn(email: string, password: string): Promise<RedeemableCode> {
    const page = await this.open();
    return this.redeemable(page.returned === undefined ? await this.submit(page, { username: email, password }) : page);
  }

  /** The code that a return to the app carries. */
  redeemable(visited: Visited): RedeemableCode {
    const code = visited.returned?.get('code');
    if (code === undefined || code === null) throw new Error(`no code: ${pageMessage(visited)}`);
    return { code, codeVerifier: this.#codeVerifier };
  }

  /** @throws {Error} with the endpoint's answer when it is not tokens */
  async exchange({ code, codeVerifier }: RedeemableCode): Promise<OAuthTokens> {
    const { clientId, redirectUri } = this.#options;
    return this.#tokens({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: codeVerifier,
    });
  }

  /** @throws {Error} with the endpoint's answer when it is not tokens */
  refresh(refreshToken: string): Promise<OAuthTokens> {
    const { clientId } = this.#options;
    return this.#tokens({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken });
  }

  async #tokens(parameters: Record<string, string>): Promise<OAuthTokens> {
    const response = await fetch(`${this.#options.hostedUiUrl}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as OAuthTokens;
  }

  async #follow(start: URL, form?: URLSearchParams): Promise<Visited> {
    let url = start;
    let body = form;
    for (let hop = 0; hop < REDIRECTS_MAX; hop += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      this.#keepCookies(response);
      const text = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { status: response.status, url, body: text, returned: undefined };
      url = new URL(location, url);
      body = undefined;
      if (url.origin !== new URL(this.#options.hostedUiUrl).origin) {
        return { status: response.status, url, body: text, returned: url.searchParams };
      }
    }
    throw new Error(`more than ${REDIRECTS_MAX} redirects from ${start.pathname}`);
  }

  #keepCookies(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = header.split(';');
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(equals + 1));
    }
  }
}

/** What a page says went wrong, or its heading. */
export function pageMessage({ body, url }: Visited): string {
  const found = /role="(?:alert|status)">([^<]*)</.exec(body) ?? /<h1>([^<]*)</.exec(body);
  return `${unescapeHtml(found?.[1] ?? 'no page')} (${url.pathname})`;
}
