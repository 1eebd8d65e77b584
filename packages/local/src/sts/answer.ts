import type { AwsResponse } from '../aws/engine.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** A result document of the query protocol. Its values are text or further elements. */
export interface Elements {
  readonly [name: string]: string | number | Elements;
}

export function answer(operation: string, result: Elements, requestId: string): AwsResponse {
  const document = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<${operation}Response xmlns="${NAMESPACE}">${render(document)}</${operation}Response>`,
  };
}

function render(elements: Elements): string {
  return Object.entries(elements)
    .map(
      ([name, value]) => `<${name}>${typeof value === 'object' ? render(value) : escapeXml(String(value))}</${name}>`,
    )
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
