import type { KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import type { XmlElement } from './parse.ts';

/** What is needed of a signature of XML. The package's own types would bring those of a browser into every file here. */
export interface XmlSignature {
  addReference(reference: {
    readonly xpath: string;
    readonly digestAlgorithm: string;
    readonly transforms: readonly string[];
  }): void;
  computeSignature(
    xml: string,
    options: { readonly location: { readonly reference: string; readonly action: 'after' } },
  ): void;
  getSignedXml(): string;
  loadSignature(signature: XmlElement): void;
  /** @throws when the signature cannot be read */
  checkSignature(xml: string): boolean;
  /** The canonical form of what was found to be signed. */
  getSignedReferences(): readonly string[];
}

interface Options {
  readonly privateKey?: KeyObject;
  readonly signatureAlgorithm?: string;
  readonly canonicalizationAlgorithm?: string;
  readonly publicCert?: string;
  readonly getCertFromKeyInfo?: () => null;
}

export const { SignedXml } = createRequire(import.meta.url)('xml-crypto') as {
  readonly SignedXml: new (options: Options) => XmlSignature;
};
