/** The little XML that S3's protocol needs: a writer for answers and a strict, bounded reader for request documents. */

import { AwsError } from '../aws/engine.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DEPTH_MAX = 8;

/** A value of an element: text, nested elements, or a list, which repeats the element. `undefined` leaves it out. */
export type XmlValue = string | number | boolean | undefined | XmlFields | readonly XmlValue[];
export interface XmlFields {
  readonly [name: string]: XmlValue;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters are legal in object keys; XML carries them as numeric references, as S3 does. */
function escapeText(text: string): string {
  return text.replace(/[&<>"\ufffe\uffff]|\p{Cc}/gu, (c) => escapes[c] ?? `&#x${c.charCodeAt(0).toString(16)};`);
}

function writeElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => writeElement(name, item)).join('');
  if (typeof value === 'object') return `<${name}>${writeFields(value as XmlFields)}</${name}>`;
  return `<${name}>${escapeText(String(value))}</${name}>`;
}

function writeFields(fields: XmlFields): string {
  return Object.entries(fields)
    .map(([name, value]) => writeElement(name, value))
    .join('');
}

/** A whole document in S3's namespace. */
export function writeXml(root: string, fields: XmlFields): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${writeFields(fields)}</${root}>`;
}

/** An element that was read: children in order, and the text directly inside. */
export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const malformed = () =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  if (/&(?!(#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos);)/i.test(text)) throw malformed();
  return text.replace(/&(#x?)?([\da-z]+);/gi, (_all, numeric: string | undefined, body: string) => {
    if (!numeric) return namedEntities[body] ?? '';
    const code = Number.parseInt(body, numeric === '#' ? 10 : 16);
    if (code > 0x10ffff) throw malformed();
    return String.fromCodePoint(code);
  });
}

/**
 * Reads a request document. Attributes, document types, comments and CDATA are not part of any S3 request; only
 * attributes are tolerated (clients put the namespace there).
 * @throws {AwsError} `MalformedXML`
 */
export function readXml(body: Buffer): XmlElement {
  const source = body
    .toString('utf8')
    .replace(/^\ufeff?\s*(<\?xml[^?]*\?>)?\s*/, '')
    .trimEnd();
  const token = /<(\/?)([A-Za-z][\w.:-]{0,63})((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
  const stack: XmlElement[] = [];
  let root: XmlElement | undefined;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match) throw malformed();
    const [, closing, name = '', , selfClosing, text] = match;
    const parent = stack.at(-1);
    if (text !== undefined) {
      if (!parent) throw malformed();
      parent.text += unescapeText(text);
    } else if (closing) {
      if (stack.pop()?.name !== name) throw malformed();
    } else {
      const element: XmlElement = { name, children: [], text: '' };
      if (parent) parent.children.push(element);
      else if (root) throw malformed();
      root ??= element;
      if (!selfClosing) stack.push(element);
      if (stack.length > DEPTH_MAX) throw malformed();
    }
  }
  if (!root || stack.length > 0) throw malformed();
  return root;
}

/** The text of the child elements, where only those named may occur. */
export function readFields(element: XmlElement, allowed: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const child of element.children) {
    if (!allowed.includes(child.name) || child.children.length > 0 || fields.has(child.name)) throw malformed();
    fields.set(child.name, child.text);
  }
  return fields;
}
