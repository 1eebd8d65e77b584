import { DOMParser } from '@xmldom/xmldom';

const BYTES_MAX = 200_000;

/**
 * Reads a document strictly: what is not well formed, and what declares types or entities, is refused.
 * @throws {Error} with a reason
 */
export function parseXml(text: string): Element {
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
export const elements = (within: Element, namespace: string, name: string): readonly Element[] =>
  Array.from(within.getElementsByTagNameNS(namespace, name));

/** The elements of a name right below another. */
export const children = (of: Element, namespace: string, name: string): readonly Element[] =>
  elements(of, namespace, name).filter(({ parentNode }) => parentNode === of);

export const textOf = (element: Element | undefined): string => element?.textContent?.trim() ?? '';
