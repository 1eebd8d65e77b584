import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { SAML } from '../cognito/federation/saml-metadata.ts';
import { createCertificate } from '../kubernetes/certificate/certificate.ts';
import { escapeHtml, html } from '../mail/html.ts';
import type { PageRequest, PageResponse } from '../mail/page-server.ts';
import { children, parseXml, textOf } from '../xml/parse.ts';
import { SignedXml } from '../xml/signature.ts';
import { personForm, providerPage } from './pages.ts';
import { type Person, personSchema, subjectOf } from './people.ts';

const REQUEST_BYTES_MAX = 50_000;
const LIFETIME_MS = 300_000;
const DAY_MS = 86_400_000;

interface SamlRequest {
  readonly id: string;
  readonly issuer: string;
  readonly acsUrl: string;
}

function readRequest(encoded: string): SamlRequest {
  const xml = inflateRawSync(Buffer.from(encoded, 'base64'), { maxOutputLength: REQUEST_BYTES_MAX }).toString('utf8');
  const root = parseXml(xml);
  return {
    id: root.getAttribute('ID') ?? '',
    issuer: textOf(children(root, SAML.assertion, 'Issuer')[0]),
    acsUrl: root.getAttribute('AssertionConsumerServiceURL') ?? '',
  };
}

/** A key of the provider's own, with the certificate that metadata carry; who signed the certificate means nothing in SAML. */
function signingIdentity(now: number) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const certificate = createCertificate({
    subject: 'local identity provider',
    issuer: 'local identity provider',
    publicKey,
    signingKey: signer,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + 365 * DAY_MS),
    use: { kind: 'authority' },
  });
  return { privateKey, certificate: certificate.replace(/-----[^-]+-----|\s/g, '') };
}

/**
 * SAML 2.0 for realms of a local provider, with assertions signed and posted by the browser.
 * @param acsUrls where responses may be posted to
 */
export function createSamlProvider(options: {
  readonly url: string;
  readonly acsUrls: readonly string[];
  readonly now: () => number;
}) {
  const { url, acsUrls, now } = options;
  const { privateKey, certificate } = signingIdentity(now());
  const entityIdOf = (realm: string) => `${url}/${realm}/saml`;

  const metadata = (realm: string): PageResponse => ({
    headers: { 'content-type': 'application/samlmetadata+xml' },
    body: `<EntityDescriptor xmlns="${SAML.metadata}" entityID="${entityIdOf(realm)}"><IDPSSODescriptor protocolSupportEnumeration="${SAML.protocol}"><KeyDescriptor use="signing"><KeyInfo xmlns="${SAML.signature}"><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="${SAML.redirect}" Location="${entityIdOf(realm)}/sign-in"/></IDPSSODescriptor></EntityDescriptor>`,
  });

  const assertionOf = (realm: string, { id, issuer, acsUrl }: SamlRequest, person: Person): string => {
    const at = new Date(now()).toISOString();
    const until = new Date(now() + LIFETIME_MS).toISOString();
    const attribute = (name: string, value: string) =>
      `<saml:Attribute Name="${name}"><saml:AttributeValue>${escapeHtml(value)}</saml:AttributeValue></saml:Attribute>`;
    const xml = `<saml:Assertion xmlns:saml="${SAML.assertion}" ID="_${randomUUID()}" Version="2.0" IssueInstant="${at}"><saml:Issuer>${entityIdOf(realm)}</saml:Issuer><saml:Subject><saml:NameID>${escapeHtml(subjectOf(person))}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="${escapeHtml(id)}" Recipient="${escapeHtml(acsUrl)}" NotOnOrAfter="${until}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${escapeHtml(issuer)}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute('email', person.email)}${attribute('name', person.name)}</saml:AttributeStatement></saml:Assertion>`;
    const signed = new SignedXml({
      privateKey,
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
    });
    signed.addReference({
      xpath: "//*[local-name(.)='Assertion']",
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
      transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    });
    signed.computeSignature(xml, {
      location: { reference: "//*[local-name(.)='Issuer']", action: 'after' },
    });
    return `<samlp:Response xmlns:samlp="${SAML.protocol}" ID="_${randomUUID()}" Version="2.0" IssueInstant="${at}" InResponseTo="${escapeHtml(id)}" Destination="${escapeHtml(acsUrl)}"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${signed.getSignedXml()}</samlp:Response>`;
  };

  const signIn = (realm: string, request: PageRequest): PageResponse => {
    const query = request.url.searchParams;
    let asked: SamlRequest;
    try {
      asked = readRequest(query.get('SAMLRequest') ?? '');
    } catch {
      return providerPage('No request', html`<p>Begin at the application.</p>`, { status: 400 });
    }
    if (!acsUrls.includes(asked.acsUrl)) {
      return providerPage('Not registered', html`<p>The application is not known here.</p>`, { status: 400 });
    }
    const person = personSchema.safeParse(Object.fromEntries(new URLSearchParams(request.body)));
    if (request.method !== 'POST' || !person.success) {
      return providerPage(`Sign in at ${realm}`, personForm({}, ''));
    }
    const response = Buffer.from(assertionOf(realm, asked, person.data)).toString('base64');
    const content = html`<form method="post" action="${asked.acsUrl}">
<input type="hidden" name="SAMLResponse" value="${response}">
<input type="hidden" name="RelayState" value="${query.get('RelayState') ?? ''}">
<p class="quiet">Signed in as ${person.data.email}.</p>
<button>Go on to the application</button>
</form>`;
    // The user pool leads on to whichever application asked it, and browsers hold such redirects to the policy as well.
    return providerPage(`Signed in at ${realm}`, content, { formTargets: ['*'] });
  };

  /** Undefined for a path that is none of its own. */
  return (realm: string, path: string, request: PageRequest): PageResponse | undefined => {
    if (path === '/saml/metadata' && request.method === 'GET') return metadata(realm);
    if (path === '/saml/sign-in' && (request.method === 'GET' || request.method === 'POST'))
      return signIn(realm, request);
    return undefined;
  };
}
