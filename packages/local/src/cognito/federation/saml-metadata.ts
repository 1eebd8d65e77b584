import { X509Certificate } from 'node:crypto';
import { children, elements, parseXml, textOf } from '../../xml/parse.ts';
import { invalidParameter } from '../errors.ts';
import { readPublished } from './outgoing.ts';

export const SAML = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
} as const;

/** What a provider of SAML says of itself. */
export interface SamlMetadata {
  readonly entityId: string;
  /** Where browsers are sent with a request. */
  readonly signInUrl: string;
  /** PEM; any of them may have signed. */
  readonly certificates: readonly string[];
}

function read(text: string): SamlMetadata {
  const root = parseXml(text);
  const [provider] = children(root, SAML.metadata, 'IDPSSODescriptor');
  if (root.localName !== 'EntityDescriptor' || !provider) throw new Error('It describes no provider of identities.');
  const service = children(provider, SAML.metadata, 'SingleSignOnService').find(
    (candidate) => candidate.getAttribute('Binding') === SAML.redirect,
  );
  const keys = children(provider, SAML.metadata, 'KeyDescriptor').filter(
    (key) => key.getAttribute('use') !== 'encryption',
  );
  const certificates = keys
    .flatMap((key) => elements(key, SAML.signature, 'X509Certificate'))
    .map((element) => new X509Certificate(Buffer.from(textOf(element), 'base64')).toString());
  const entityId = root.getAttribute('entityID') ?? '';
  const signInUrl = service?.getAttribute('Location') ?? '';
  if (!entityId || !URL.canParse(signInUrl) || certificates.length === 0) {
    throw new Error('It lacks a name, an address for redirects or a certificate.');
  }
  return { entityId, signInUrl, certificates };
}

/**
 * The metadata of a provider, from its details: the document itself or the address that it is published at.
 * @throws {AwsError} `InvalidParameterException` when it cannot be had or is of no use
 */
export async function metadataOf(details: Readonly<Record<string, string>>): Promise<SamlMetadata> {
  const { MetadataFile: file, MetadataURL: url } = details;
  if (file === undefined && url === undefined) throw invalidParameter('MetadataURL or MetadataFile is required.');
  const text = file ?? (await readPublished(url ?? ''));
  try {
    return read(text);
  } catch (error) {
    throw invalidParameter(`Metadata is not valid: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
