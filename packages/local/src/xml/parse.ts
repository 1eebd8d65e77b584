import { createRequire } from 'node:module';

/** What is needed of an element. The package's own types would bring those of a browser into every file here. */
export interface XmlElement {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly parentNode: unknown;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlElement>;
}

interface Xmldom {
  readonly DOMParser: new (options: {
    readonly errorHandler: Readonly<Record<'warning' | 'error' | 'fatalError', (reason: string) => never>>;
  }) => { parseFromString(text: string, type: string): { readonly documentElement: XmlElement | null } | undefined };
}

const { DOMParser } = createRequire(import.meta.url)('@xmldom/xmldom') as Xmldom;

const BYTES_MAX = 200_000;

/**
 * Reads a document strictly: what is not well formed, and what declares types or entities, is refused.
 * @throws {Error} with a reason
 */
export function parseXml(text: string): XmlElement {
  if (text.length > BYTES_MAX) throw new Error('The document is too large.');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Error('The document declares types.');
  const fail = (reason: string): never => {
    throw new Error(`The document is not well formed: ${reason}`);
  };
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } });
  const root = parser.parseFromString(text, 'text/xml')?.documentElement;
  if (!root) throw new Error('The document is empty.');
  return root;
}

/** The elements of a name below another, however deep. */
export const elements = (within: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  Array.from(within.getElementsByTagNameNS(namespace, name));

/** The elements of a name right below another. */
export const children = (of: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  elements(of, namespace, name).filter(({ parentNode }) => parentNode === of);

export const textOf = (element: XmlElement | undefined): string => element?.textContent?.trim() ?? '';
