import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../../aws/engine.ts';
import { children, elements, parseXml, textOf, type XmlElement } from '../../xml/parse.ts';
import { SignedXml } from '../../xml/signature.ts';
import { notAuthorized } from '../errors.ts';
import type { IdentityProvider } from '../identity-provider-store.ts';
import type { Assertion } from './assertion.ts';
import { metadataOf, SAML } from './saml-metadata.ts';

const CLOCK_SKEW_MS = 60_000;
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
/** Neither SHA-1 nor a key that is shared. */
const SIGNATURES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]);

/** What the pool calls itself before providers. */
export const entityIdOf = (poolId: string): string => `urn:amazon:cognito:sp:${poolId}`;

/** Where the browser goes to sign in at the provider. @param request.id of the request, which the answer repeats */
export async function samlRequestUrl(
  { details }: IdentityProvider,
  request: {
    readonly id: string;
    readonly relayState: string;
    readonly poolId: string;
    readonly acsUrl: string;
    readonly now: Date;
  },
): Promise<string> {
  const { signInUrl } = await metadataOf(details);
  const xml = `<samlp:AuthnRequest xmlns:samlp="${SAML.protocol}" ID="${request.id}" Version="2.0" IssueInstant="${request.now.toISOString()}" Destination="${signInUrl.replace(/[&"<]/g, '')}" AssertionConsumerServiceURL="${request.acsUrl}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer xmlns:saml="${SAML.assertion}">${entityIdOf(request.poolId)}</saml:Issuer></samlp:AuthnRequest>`;
  const url = new URL(signInUrl);
  url.searchParams.set('SAMLRequest', deflateRawSync(xml).toString('base64'));
  url.searchParams.set('RelayState', request.relayState);
  return url.href;
}

/**
 * The one assertion of a response that the provider signed. It is read from what the signature covers and from nothing around it, so that nothing
 * can be wrapped around a signature that is good.
 */
function signedAssertion(xml: string, certificates: readonly string[]): XmlElement {
  const response = parseXml(xml);
  const status = children(response, SAML.protocol, 'Status').flatMap((element) =>
    children(element, SAML.protocol, 'StatusCode'),
  );
  if (status[0]?.getAttribute('Value') !== SUCCESS) throw new Error('The provider signed nobody in.');
  const [signature, ...others] = elements(response, SAML.signature, 'Signature');
  if (!signature || others.length > 0) throw new Error('There must be one signature.');
  const [method] = elements(signature, SAML.signature, 'SignatureMethod');
  if (!SIGNATURES.has(method?.getAttribute('Algorithm') ?? '')) throw new Error('The signature is of a weak kind.');
  const covered = certificates.map((publicCert) => coveredBy(xml, signature, publicCert)).find((found) => found);
  if (!covered) throw new Error('The signature is not the provider’s.');
  const root = parseXml(covered);
  const isResponse = root.localName === 'Response' && root.namespaceURI === SAML.protocol;
  const found = isResponse ? children(root, SAML.assertion, 'Assertion') : [root];
  const [assertion, ...more] = found;
  if (assertion?.localName !== 'Assertion' || assertion.namespaceURI !== SAML.assertion || more.length > 0)
    throw new Error('There must be one assertion.');
  return assertion;
}

/** What a signature covers, in its canonical form; undefined when it is not good. */
function coveredBy(xml: string, signature: XmlElement, publicCert: string): string | undefined {
  // The key is that of the metadata, whatever the response says of keys.
  const signed = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
  signed.loadSignature(signature);
  try {
    if (!signed.checkSignature(xml)) return undefined;
  } catch {
    return undefined;
  }
  const [covered, ...others] = signed.getSignedReferences();
  return others.length === 0 ? covered : undefined;
}

/** @throws {Error} for an assertion that is not for here, not for this request or not for now */
function assertFor(
  assertion: XmlElement,
  wanted: { entityId: string; poolId: string; acsUrl: string; requestId: string; now: Date },
): void {
  const one = (of: XmlElement, name: string): XmlElement => {
    const [found, ...others] = children(of, SAML.assertion, name);
    if (!found || others.length > 0) throw new Error(`There must be one ${name}.`);
    return found;
  };
  const now = wanted.now.getTime();
  const before = (element: XmlElement, name: string) =>
    now < Date.parse(element.getAttribute(name) ?? '') + CLOCK_SKEW_MS;
  if (textOf(one(assertion, 'Issuer')) !== wanted.entityId) throw new Error('The issuer is another one.');
  const conditions = one(assertion, 'Conditions');
  const notBefore = conditions.getAttribute('NotBefore');
  if (notBefore && !(now >= Date.parse(notBefore) - CLOCK_SKEW_MS)) throw new Error('It is not good yet.');
  if (!before(conditions, 'NotOnOrAfter')) throw new Error('It is not good any more.');
  const audiences = children(one(conditions, 'AudienceRestriction'), SAML.assertion, 'Audience').map(textOf);
  if (!audiences.includes(entityIdOf(wanted.poolId))) throw new Error('It is for somebody else.');
  const confirmed = children(one(assertion, 'Subject'), SAML.assertion, 'SubjectConfirmation')
    .flatMap((confirmation) => children(confirmation, SAML.assertion, 'SubjectConfirmationData'))
    .some(
      (data) =>
        data.getAttribute('InResponseTo') === wanted.requestId &&
        data.getAttribute('Recipient') === wanted.acsUrl &&
        before(data, 'NotOnOrAfter'),
    );
  if (!confirmed) throw new Error('It answers another request.');
}

/**
 * Checks a response that the browser posted, and what it says of the person.
 * @throws {AwsError} `NotAuthorizedException`
 */
export async function checkSamlResponse(
  { details }: IdentityProvider,
  response: string,
  wanted: { readonly requestId: string; readonly poolId: string; readonly acsUrl: string; readonly now: Date },
): Promise<Assertion> {
  const { entityId, certificates } = await metadataOf(details);
  try {
    const assertion = signedAssertion(Buffer.from(response, 'base64').toString('utf8'), certificates);
    assertFor(assertion, { ...wanted, entityId });
    const [subject] = children(assertion, SAML.assertion, 'Subject').flatMap((element) =>
      children(element, SAML.assertion, 'NameID'),
    );
    const claims = elements(assertion, SAML.assertion, 'Attribute').map((attribute) => [
      attribute.getAttribute('Name') ?? '',
      textOf(children(attribute, SAML.assertion, 'AttributeValue')[0]),
    ]);
    return { subject: textOf(subject), claims: Object.fromEntries(claims) };
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw notAuthorized(`Error in SAML response: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
