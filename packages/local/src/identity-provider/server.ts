import type { DnsServer } from '../dns/dns-server.ts';
import { html } from '../mail/html.ts';
import { type PageRequest, type PageResponse, type PageServer, servePages } from '../mail/page-server.ts';
import { createOidcProvider } from './oidc.ts';
import { providerPage, styleSheet } from './pages.ts';
import { localClient, realmPattern } from './people.ts';
import { createSamlProvider } from './saml.ts';

/** A browser may not be made to change records by a page of another origin. */
const isOwnPage = ({ headers, url }: PageRequest): boolean => headers.origin === url.origin;

function recordsPage(dns: DnsServer, fault?: string): PageResponse {
  const rows = dns.records().map(
    ({ name, value }) => html`<form method="post"><input type="hidden" name="name" value="${name}">
<input type="hidden" name="value" value="${value}"><p><code>${name}</code> <code>${value}</code></p>
<button class="link" name="action" value="remove">Remove</button></form>`,
  );
  const content = html`<p class="quiet">Text records that the local cloud looks up instead of asking the internet.</p>
${fault ? html`<p class="message error" role="alert">${fault}</p>` : ''}
${rows}
<form method="post">
<div><label for="name">Name</label><input id="name" name="name" required maxlength="253" placeholder="_tenantry-verification.example.com"></div>
<div><label for="value">Value</label><input id="value" name="value" required maxlength="1000"></div>
<button name="action" value="add">Add the record</button>
</form>`;
  return providerPage('DNS records', content, { status: fault ? 400 : 200 });
}

function changeRecords(dns: DnsServer, request: PageRequest): PageResponse {
  if (!isOwnPage(request)) return { status: 403, body: 'Only forms of this page are taken.' };
  const form = new URLSearchParams(request.body);
  const record = { name: form.get('name') ?? '', value: form.get('value') ?? '' };
  try {
    if (form.get('action') === 'remove') dns.remove(record);
    else dns.add(record);
  } catch {
    return recordsPage(dns, 'This is no name and value of a text record.');
  }
  return { status: 303, headers: { location: '/dns' } };
}

const overview = (url: string): PageResponse =>
  providerPage(
    'Sign in with a company’s own provider',
    html`<p class="quiet">For the page “Single sign-on” of the console. Each name in the path is a company’s provider of its own.</p>
<p>Issuer<br><code>${url}/acme</code></p>
<p>Client id<br><code>${localClient.id}</code></p>
<p>Client secret<br><code>${localClient.secret}</code></p>
<p>Metadata for SAML<br><code>${url}/acme/saml/metadata</code></p>
<p><a href="/dns">DNS records</a>, to prove that a domain is yours</p>`,
  );

/**
 * A provider of identities for laptops and tests: whoever a visitor says to be is believed. With it, the text records of the local DNS.
 * @param options.redirectUris where an application may have browsers sent back to
 * @param options.acsUrls where it may have them post to
 */
export async function startIdentityProvider(options: {
  readonly port: number;
  readonly redirectUris: readonly string[];
  readonly acsUrls: readonly string[];
  readonly dns: DnsServer;
}): Promise<PageServer> {
  const { port, redirectUris, acsUrls, dns } = options;
  const url = `http://localhost:${port}`;
  const oidc = await createOidcProvider({ url, redirectUris, now: Date.now });
  const saml = createSamlProvider({ url, acsUrls, now: Date.now });
  return servePages(port, async (request) => {
    const { pathname } = request.url;
    if (pathname === '/') return overview(url);
    if (pathname === '/style.css') return styleSheet;
    if (pathname === '/dns') return request.method === 'POST' ? changeRecords(dns, request) : recordsPage(dns);
    const [, realm = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    const answer = realmPattern.test(realm)
      ? (saml(realm, path, request) ?? (await oidc(realm, path, request)))
      : undefined;
    return answer ?? providerPage('Not found', html`<p><a href="/">What is here</a></p>`, { status: 404 });
  });
}
